import { describe, expect, it } from "vitest";
import type { CorpusManifest } from "@midtrain/protocol/corpus";
import type { CorpusEntry } from "@midtrain/protocol/corpus-view";
import { corpusNodes, pageNodes, stalenessWords, type CorpusNode } from "./corpus-nodes";

const side = (documents: number, bytes: number): { documents: number; bytes: number } => ({ documents, bytes });

const manifest: CorpusManifest = {
  format: 1,
  corpus: "0011",
  tool: "0.1.0",
  rules: "3",
  repository: { kind: "git" },
  documents: 12,
  bytes: { seen: 2000, kept: 1000, redacted: 10, stripped: 90, rejected: 900 },
  byClass: { source: side(9, 800), poetry: side(3, 200) },
  byLanguage: { typescript: side(12, 1000) },
  rejectsByRule: { binary: 2, "duplicate-near": 4, "lock-file": 5 },
  redactionsByRule: { "e-mail": 3 },
  redactedFiles: 2,
  duplicateClusters: 3,
  split: { train: side(10, 800), heldOut: side(2, 200), sealed: side(0, 0), words: "2 files are held out." },
  notes: ["1 submodule was not entered: a."],
  shards: [],
  seconds: 1,
};

function list(node: CorpusNode | undefined): CorpusNode & { readonly kind: "list" } {
  if (node?.kind !== "list") throw new Error("This row is no list.");
  return node;
}

describe("rows of the Corpus view", () => {
  it("come from the manifest alone, with counts in words", () => {
    expect(corpusNodes(manifest).map(({ label, description }) => [label, description])).toEqual([
      ["Kept", "12 files · 1.00 kB"],
      ["Held out", "2 files · never trained on"],
      ["Rejected", "7 files · lock-file 5 · binary 2"],
      ["Redacted", "3 findings in 2 files"],
      ["Duplicates", "3 clusters"],
      ["Notes", "1"],
    ]);
    const [kept] = corpusNodes(manifest);
    expect(kept?.kind === "group" && kept.children.map(({ label }) => label)).toEqual(["Source", "poetry"]);
  });

  it("leave out what is empty", () => {
    const nothing = { ...manifest, rejectsByRule: {}, redactionsByRule: {}, redactedFiles: 0, duplicateClusters: 0, notes: [] };
    expect(corpusNodes(nothing).map(({ label }) => label)).toEqual(["Kept", "Held out"]);
  });

  it("name a page's rows below their directory, and offer the rest", () => {
    const rejected = corpusNodes(manifest).find(({ id }) => id === "rejected");
    const parent = { ...list(rejected?.kind === "group" ? rejected.children[0] : undefined), under: "src/" };
    const entries: readonly CorpusEntry[] = [
      { kind: "directory", path: "src/deep/er/", records: 3, bytes: 30 },
      { kind: "reject", path: "src/a.lock", rule: "lock-file", bytes: 5, reason: "Lock files are written by a package manager." },
    ];
    const rows = pageNodes(parent, entries, 5);
    expect(rows.map(({ label }) => label)).toEqual(["deep/er/", "a.lock", "Show more (3 left)"]);
    expect(rows[1]?.tooltip).toBe("src/a.lock\nLock files are written by a package manager.\nRule lock-file · 5 bytes");
    expect(new Set(rows.map(({ id }) => id)).size).toBe(3);
    expect(pageNodes(parent, entries, 2)).toHaveLength(2);
  });

  it("keep rows of the same file apart by where the finding is", () => {
    const duplicates = list(corpusNodes(manifest).find(({ id }) => id === "duplicates"));
    const finding = {
      kind: "redaction",
      path: "a.ts",
      line: 1200,
      rule: "e-mail",
      start: 1,
      end: 4,
      placeholder: "<PERSONAL:e-mail>",
    } as const;
    const rows = pageNodes(duplicates, [finding, { ...finding, start: 9 }], 2);
    expect(rows[0]?.id).not.toBe(rows[1]?.id);
    expect(rows[0]?.label).toBe("a.ts:1200");
  });
});

describe("staleness in words", () => {
  const fresh = { corpus: "0011", changed: 0, examples: [], configuration: false, history: false };
  it("says what changed, and nothing when nothing did", () => {
    expect(stalenessWords(undefined)).toBeUndefined();
    expect(stalenessWords(fresh)).toBeUndefined();
    expect(stalenessWords({ ...fresh, changed: 1 })).toBe("1 file changed since the harvest.");
    expect(stalenessWords({ ...fresh, changed: 3, configuration: true })).toBe(
      "3 files changed and midtrain.jsonc was written since the harvest.",
    );
    expect(stalenessWords({ ...fresh, changed: 1, configuration: true, history: true })).toBe(
      "1 file changed, the history has new messages and midtrain.jsonc was written since the harvest.",
    );
  });
});
