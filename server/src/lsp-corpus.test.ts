/** The corpus as the editor asks for it, from the bundled server over stdio, on real repositories. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { applyEdits, parse } from "jsonc-parser";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { CorpusChange, CorpusEntry, CorpusList, FileExplanation } from "@midtrain/protocol/corpus-view";
import { distinctText, everythingUnder, git, repositoryOf, temporaryDirectory } from "./corpus/test-repository";
import { Editor, makeInstallation } from "./lsp.test-support";

const key = `AKIA${"QWERTYUIOPASDFGH"}`;
let installation = "";
const editors: Editor[] = [];

beforeAll(async () => {
  installation = await makeInstallation();
}, 120_000);

afterEach(async () => {
  for (const editor of editors.splice(0)) await editor.close();
});

afterAll(() => rmSync(installation, { recursive: true, force: true }));

async function editorOn(folder: string): Promise<Editor> {
  const editor = await Editor.start({ installation, folder });
  editors.push(editor);
  return editor;
}

function sample(): string {
  const twin = distinctText(700, 60);
  return repositoryOf({
    ...Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`src/f${index}.ts`, distinctText(index, 30)])),
    "src/secret.ts": `${distinctText(902, 20)}const key = "${key}";\n`,
    "lib/twin-a.ts": twin,
    "lib/twin-b.ts": twin,
    "package-lock.json": '{ "lockfileVersion": 3 }\n',
    ".gitignore": "ignored.ts\n",
  });
}

async function level(editor: Editor, directory: string, list: CorpusList, under = "", offset = 0): Promise<readonly CorpusEntry[]> {
  return (await editor.request("midtrain/corpusPage", { directory, list, under, offset })).entries;
}

test("a large list comes by directory and page, a small one flat, and every record is reached once", async () => {
  const directory = repositoryOf({
    ...Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`src/deep/er/f${index}.ts`, distinctText(index, 8)])),
    ...Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`lib/f${index}.ts`, distinctText(500 + index, 8)])),
    "top.ts": distinctText(999, 8),
  });
  const editor = await editorOn(directory);
  await editor.request("midtrain/harvest", { directory });
  const list: CorpusList = { of: "documents", sides: ["train", "held-out", "sealed"] };
  const top = await level(editor, directory, list);
  expect(top).toMatchObject([
    { kind: "directory", path: "lib/", records: 20 },
    { kind: "directory", path: "src/deep/er/", records: 150 },
    { kind: "document", path: "top.ts" },
  ]);
  const deep = await level(editor, directory, list, "src/deep/er/");
  expect(deep).toHaveLength(150);
  expect(await level(editor, directory, list, "src/deep/er/", 140)).toEqual(deep.slice(140));
  expect(new Set(deep.map(({ path }) => path)).size).toBe(150);
  expect(await level(editor, directory, list, "lib/")).toHaveLength(20);
  const flat = await editor.request("midtrain/corpusPage", { directory, list, under: "", offset: 0, flat: true });
  expect(flat).toMatchObject({ total: 171, entries: { length: 171 } });
});

test("every file gets an answer: kept, redacted, rejected, duplicate, untracked, ignored, outside", async () => {
  const directory = sample();
  const editor = await editorOn(directory);
  const explain = (path: string): Promise<FileExplanation> =>
    editor.request("midtrain/explainFile", { directory, file: join(directory, path) });
  expect(await explain("src/f1.ts")).toMatchObject({ state: "not-harvested", remedies: [{ do: "harvest" }] });
  await editor.request("midtrain/harvest", { directory });
  expect(await explain("src/f1.ts")).toMatchObject({
    state: "kept",
    class: "source",
    language: "typescript",
    changed: false,
    findings: [],
  });
  const redacted = await explain("src/secret.ts");
  expect(redacted).toMatchObject({ state: "kept", findings: [{ line: 21 }] });
  expect(JSON.stringify(redacted)).not.toContain(key);
  expect(await explain("package-lock.json")).toMatchObject({
    state: "rejected",
    rule: "lock-file",
    remedies: [{ do: "include" }, { do: "rule-off", rule: "lock-file" }],
  });
  const answers = [await explain("lib/twin-a.ts"), await explain("lib/twin-b.ts")];
  const duplicate = answers.find(({ state }) => state === "duplicate");
  expect(duplicate).toMatchObject({ survivor: answers.find(({ state }) => state === "kept")?.path });
  writeFileSync(join(directory, "new.ts"), "export {};\n");
  writeFileSync(join(directory, "ignored.ts"), "export {};\n");
  expect(await explain("new.ts")).toMatchObject({ state: "not-listed", why: "untracked" });
  expect(await explain("ignored.ts")).toMatchObject({ state: "not-listed", why: "ignored" });
  git(directory, "add", "new.ts");
  expect(await explain("new.ts")).toMatchObject({ state: "not-listed", why: "missing", remedies: [{ do: "harvest" }] });
  expect(await explain("../elsewhere.ts")).toMatchObject({ state: "not-listed", why: "outside" });
  expect(await explain(".midtrain/.gitignore")).toMatchObject({ state: "not-listed", why: "own" });
  writeFileSync(join(directory, "src/f1.ts"), "changed\n");
  expect(await explain("src/f1.ts")).toMatchObject({ state: "kept", changed: true });
});

test("a file of another repository inside this one is told from an untracked one", async () => {
  const directory = sample();
  mkdirSync(join(directory, "inner"));
  git(join(directory, "inner"), "init", "-q");
  writeFileSync(join(directory, "inner", "a.ts"), "export {};\n");
  const editor = await editorOn(directory);
  await editor.request("midtrain/harvest", { directory });
  expect(await editor.request("midtrain/explainFile", { directory, file: join(directory, "inner", "a.ts") })).toMatchObject({
    why: "submodule",
  });
});

test("an allowed value is written as its salted hash, only while the file is the one that was harvested", async () => {
  const directory = sample();
  const editor = await editorOn(directory);
  await editor.request("midtrain/harvest", { directory });
  const [finding] = await level(editor, directory, { of: "redactions" });
  if (finding?.kind !== "redaction") throw new Error("There is no finding.");
  const { file, template } = await editor.request("midtrain/configurationFile", { directory });
  expect(file).toBe(join(directory, "midtrain.jsonc"));
  const change: CorpusChange = { kind: "allow-value", finding };
  const { edits, words } = await editor.request("midtrain/configurationEdit", { directory, file, text: template, change });
  const text = applyEdits(template, [...edits]);
  const [allowed] = (parse(text) as { corpus: { allow: { rule: string; hash: string }[] } }).corpus.allow;
  const [salt, digest] = allowed!.hash.split(":");
  const value = readFileSync(join(directory, finding.path), "utf8").slice(finding.start, finding.end);
  expect(allowed!.rule).toBe(finding.rule);
  expect(digest).toBe(createHash("sha256").update(`${salt}\0${value}`).digest("hex").slice(0, 16));
  expect(text + words).not.toContain(value);
  expect(everythingUnder(join(directory, ".midtrain"))).not.toContain(value);
  writeFileSync(join(directory, finding.path), "const moved = 1;\n");
  await expect(editor.request("midtrain/configurationEdit", { directory, file, text: template, change })).rejects.toThrow(
    /changed since the harvest/,
  );
});

test("staleness follows edits, reverts, new, deleted and renamed files without a harvest", async () => {
  const directory = sample();
  const editor = await editorOn(directory);
  expect(await editor.request("midtrain/corpusStaleness", { directory })).toBeNull();
  await editor.request("midtrain/harvest", { directory });
  const stale = async (...paths: string[]): Promise<number | undefined> =>
    (
      await editor.request("midtrain/corpusStaleness", {
        directory,
        ...(paths.length === 0 ? {} : { paths: paths.map((path) => join(directory, path)) }),
      })
    )?.changed;
  expect(await stale()).toBe(0);
  const before = readFileSync(join(directory, "src/f2.ts"), "utf8");
  writeFileSync(join(directory, "src/f2.ts"), `${before}// more\n`);
  expect(await stale("src/f2.ts")).toBe(1);
  writeFileSync(join(directory, "untracked.ts"), "export {};\n");
  expect(await stale("untracked.ts")).toBe(1);
  git(directory, "mv", "src/f3.ts", "src/g3.ts");
  expect(await stale("src/f3.ts", "src/g3.ts")).toBe(3);
  expect(await stale()).toBe(3);
  writeFileSync(join(directory, "src/f2.ts"), before);
  git(directory, "mv", "src/g3.ts", "src/f3.ts");
  expect(await stale("src/f2.ts", "src/f3.ts", "src/g3.ts")).toBe(0);
  writeFileSync(join(directory, "midtrain.jsonc"), "{}\n");
  expect(await editor.request("midtrain/corpusStaleness", { directory, paths: [] })).toMatchObject({ changed: 0, configuration: true });
});

test("a new commit makes the messages of a corpus stale, where the corpus holds messages", async () => {
  const directory = sample();
  const commit = (message: string): string => git(directory, "commit", "-q", "--allow-empty", "-m", message);
  commit("Billing: round half to even, as the ledger does");
  writeFileSync(join(directory, "midtrain.jsonc"), '{ "corpus": { "history": { "commits": 50, "releases": true } } }\n');
  const editor = await editorOn(directory);
  await editor.request("midtrain/harvest", { directory });
  const isStale = async (): Promise<boolean | undefined> => (await editor.request("midtrain/corpusStaleness", { directory }))?.history;
  expect(await isStale()).toBe(false);
  commit("Billing: the queue drains before a restart");
  expect(await isStale()).toBe(true);
  await editor.request("midtrain/harvest", { directory });
  expect(await isStale()).toBe(false);
  git(directory, "tag", "-a", "v2.0", "-m", "Second release: the queue is durable");
  expect(await isStale()).toBe(true);
});

test("a check is derived from the corpus, and stands in the report of that corpus only", async () => {
  const directory = sample();
  const editor = await editorOn(directory);
  expect(await editor.request("midtrain/checkCorpus", { directory })).toBeNull();
  const { manifest } = await editor.request("midtrain/harvest", { directory });
  expect((await editor.request("midtrain/corpusReport", { directory }))?.check).toBeUndefined();
  const check = await editor.request("midtrain/checkCorpus", { directory });
  expect(check).toMatchObject({ corpus: manifest.corpus, ok: true, documents: manifest.documents });
  expect(check?.repetition[0]).toMatchObject({ directory: "", documents: manifest.documents });
  expect((await editor.request("midtrain/corpusReport", { directory }))?.check).toEqual(check);
  writeFileSync(join(directory, "src/f2.ts"), distinctText(77, 30));
  await editor.request("midtrain/harvest", { directory });
  expect((await editor.request("midtrain/corpusReport", { directory }))?.check).toBeUndefined();
});

test("the report adds up to what was seen, and names the directories that lose most", async () => {
  const directory = sample();
  const editor = await editorOn(directory);
  expect(await editor.request("midtrain/corpusReport", { directory })).toBeNull();
  const { manifest } = await editor.request("midtrain/harvest", { directory });
  const report = await editor.request("midtrain/corpusReport", { directory });
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  expect(sum(Object.values(report!.rejectedBytesByRule))).toBe(manifest.bytes.rejected);
  expect(sum(report!.kept.map(({ files }) => files))).toBe(manifest.documents);
  expect(report!.directories[0]).toMatchObject({ directory: "lib/", files: 2 });
  expect(report!.directories.find(({ directory: name }) => name === "src/")).toMatchObject({ redactions: 1 });
  expect(report!.manifest).not.toHaveProperty("shards");
});

test("a directory without git is explained too", async () => {
  const directory = temporaryDirectory();
  for (const index of [1, 2, 3]) writeFileSync(join(directory, `a${index}.ts`), distinctText(index, 20));
  const editor = await editorOn(directory);
  await editor.request("midtrain/harvest", { directory });
  expect(await editor.request("midtrain/explainFile", { directory, file: join(directory, "a1.ts") })).toMatchObject({ state: "kept" });
  expect(await editor.request("midtrain/corpusStaleness", { directory })).toMatchObject({ changed: 0 });
});
