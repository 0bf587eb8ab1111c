/** The figures on a real tokenizer, trained here, against counts made another way. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MidtrainError } from "@midtrain/protocol/errors";
import { byteLevelFromJson, trainByteLevelBpe } from "../tokenizer";
import { extractTerms } from "./extract-terms";
import { fragmentationReport, type ReportDocument } from "./fragmentation-report";
import { termOccurrences } from "./term-places";
import { fileFragmentation, termAt, termsInRange } from "./text-analysis";

const code = "const retryQueue = client.fetchAll(MAX_DEPTH);\nretryQueue.pushBack(retryQueue);\n";
const other = "class RetryQueue {\n  run(client) { return client.fetchAll(1); }\n}\n";
const documents: readonly ReportDocument[] = [
  { path: "a.ts", language: "typescript", text: code },
  { path: "b.ts", language: "typescript", text: other },
  { path: "c.json", language: "json", text: '{"retryQueue": 1}\n' },
  { path: "d.md", language: "markdown", text: "Words only.\n" },
];

const json = trainByteLevelBpe(
  ["const client = new Client();\nclient.fetch(queue, retry);\n".repeat(5), "class Back { run(all) { return all; } }\n".repeat(5)],
  { vocabularySize: 320, specialTokens: ["<|endoftext|>"] },
);
const tokenizer = byteLevelFromJson(json, { name: "tiny" });

/** Tokens that overlap [start, end), counted from the spans one by one. */
function overlapping(text: string, start: number, end: number): number {
  const { ids, offsets } = tokenizer.encodeWithOffsets(text, { special: "ordinary" });
  return Array.from(ids, (_id, token) => offsets[2 * token]! < end && offsets[2 * token + 1]! > start).filter(Boolean).length;
}

describe("one term", () => {
  it("has the whole tokens here, alone and after a space, and pieces that spell it", () => {
    const at = code.indexOf("retryQueue");
    const here = termAt(code, "typescript", at + 2, tokenizer);
    expect(here).toMatchObject({ term: "retryQueue", kind: "identifier", start: at, end: at + 10 });
    expect(here!.here).toBe(overlapping(code, at, at + 10));
    expect(here!.isolated).toBe(tokenizer.encode("retryQueue").length);
    expect(here!.afterSpace).toBe(overlapping(" retryQueue", 1, 11));
    expect(here!.pieces.join("")).toBe("retryQueue");
    expect(here!.pieces.length).toBe(here!.here);
  });

  it("is nothing between terms, in keywords and behind the end", () => {
    expect(termAt(code, "typescript", code.indexOf("=") + 1, tokenizer)).toBeUndefined();
    expect(termAt(code, "typescript", 2, tokenizer)).toBeUndefined();
    expect(termAt(code, "typescript", code.length + 10, tokenizer)).toBeUndefined();
    expect(termAt("", "typescript", 0, tokenizer)).toBeUndefined();
  });

  it("counts a piece inside a character once for display", () => {
    const text = "größeÜber = 1";
    const here = termAt(text, "python", 1, tokenizer);
    expect(here!.pieces.join("")).toBe("größeÜber");
    expect(here!.here).toBe(overlapping(text, 0, 9));
  });

  it("lists the terms of a range", () => {
    const range = { start: code.indexOf("\n") + 1, end: code.length };
    expect(termsInRange(code, "typescript", range, tokenizer).map(({ term }) => term)).toEqual(["retryQueue", "pushBack", "retryQueue"]);
  });
});

describe("the report", () => {
  it("counts terms, files, tokens and costs over all documents", async () => {
    const report = await fragmentationReport(documents, tokenizer, { top: 50 });
    const tokens = documents.reduce((sum, { text }) => sum + tokenizer.encode(text, { special: "ordinary" }).length, 0);
    const bytes = documents.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    const occurrences = documents.flatMap(({ text, language }) =>
      extractTerms(text, language).map((term) => ({ ...term, here: overlapping(text, term.start, term.end) })),
    );
    expect(report).toMatchObject({
      files: 4,
      terms: new Set(occurrences.map(({ term }) => term)).size,
      tokenizer: { name: "tiny", hash: tokenizer.identity.hash },
    });
    expect(report.bytesPerToken).toBeCloseTo(bytes / tokens, 12);
    // No token of this text covers two terms, so fractional credit is the whole count.
    const sum = occurrences.reduce((total, { here }) => total + here, 0);
    expect(report.meanInContext).toBeCloseTo(sum / occurrences.length, 12);
    expect(report.costShare).toBeCloseTo((sum - occurrences.length) / tokens, 12);
    expect(report.splitShare).toBeCloseTo(occurrences.filter(({ here }) => here >= 2).length / occurrences.length, 12);
    const queue = report.top.find(({ term }) => term === "retryQueue")!;
    expect(queue).toMatchObject({ count: 4, files: 2, kind: "identifier" });
    expect(queue.contextCost).toBeCloseTo(4 * (queue.inContext - 1), 12);
    expect(report.top.map(({ contextCost }) => contextCost)).toEqual(
      report.top.map(({ contextCost }) => contextCost).sort((a, b) => b - a),
    );
    expect(Object.values(report.byKind).reduce((total, kind) => total + kind.occurrences, 0)).toBe(occurrences.length);
  });

  it("gives a token that covers two terms half to each", async () => {
    const glued = trainByteLevelBpe(["abc.def ".repeat(50)], { vocabularySize: 270, specialTokens: [] });
    const whole = byteLevelFromJson(
      {
        ...glued,
        pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false },
        model: { ...glued.model, vocab: { ...glued.model.vocab, "abc.def": 999 }, merges: [], ignore_merges: true },
      },
      { name: "glued" },
    );
    const report = await fragmentationReport([{ path: "x", language: "go", text: "abc.def" }], whole);
    expect(report.top.map(({ term, inContext }) => [term, inContext])).toEqual([
      ["abc", 0.5],
      ["def", 0.5],
    ]);
  });

  it("takes the kind of most occurrences", async () => {
    const text = "queue.Depth(); queue.Depth(); let x: Depth;";
    const report = await fragmentationReport([{ path: "x", language: "typescript", text }], tokenizer);
    expect(report.top.find(({ term }) => term === "Depth")?.kind).toBe("api-name");
  });

  it("has a learning cost that falls with the pieces' frequency", async () => {
    const rare = await fragmentationReport([{ path: "a", language: "go", text: "zzqq" }], tokenizer);
    const common = await fragmentationReport([{ path: "a", language: "go", text: "zzqq ".repeat(120) }], tokenizer);
    expect(rare.top[0]!.learningCost).toBeGreaterThan(common.top[0]!.learningCost);
    expect(rare.top[0]!.learningCost).toBeGreaterThan(Math.log(10));
  });

  it("agrees with the figures of one file", async () => {
    const report = await fragmentationReport([documents[0]!], tokenizer);
    const file = fileFragmentation(code, "typescript", tokenizer);
    expect(file.meanInContext).toBeCloseTo(report.meanInContext, 12);
    expect(file.splitShare).toBeCloseTo(report.splitShare, 12);
    expect(file.terms).toBe(report.terms);
  });

  it("is all zeros without documents, and stops when cancelled", async () => {
    expect(await fragmentationReport([], tokenizer)).toMatchObject({
      files: 0,
      terms: 0,
      meanInContext: 0,
      costShare: 0,
      bytesPerToken: 0,
      top: [],
    });
    const cancelled = await fragmentationReport(documents, tokenizer, { signal: AbortSignal.abort() }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(MidtrainError.is(cancelled, "cancelled")).toBe(true);
  });

  it("survives hostile names", async () => {
    const text = "__proto__ = constructor.hasOwnProperty(toString);";
    const report = await fragmentationReport([{ path: "__proto__", language: "go", text }], tokenizer);
    expect(report.top.map(({ term }) => term).sort()).toEqual(["__proto__", "constructor", "hasOwnProperty", "toString"]);
  });
});

describe("where a term occurs", () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "midtrain-places-"));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it("gives path, line and character from 0, up to the limit", async () => {
    expect(await termOccurrences(documents, "retryQueue", 3)).toEqual([
      { path: "a.ts", line: 0, character: 6, preview: "const retryQueue = client.fetchAll(MAX_DEPTH);" },
      { path: "a.ts", line: 1, character: 0, preview: "retryQueue.pushBack(retryQueue);" },
      { path: "a.ts", line: 1, character: 20, preview: "retryQueue.pushBack(retryQueue);" },
    ]);
    expect(await termOccurrences(documents, "retry", 3)).toEqual([]);
  });

  it("finds the place in the file behind what was stripped and redacted", async () => {
    const file = "// licence\n// more\nconst key = 'secretsecret'; call(retryQueue);\n";
    writeFileSync(join(root, "e.ts"), `\ufeff${file}`);
    const secret = file.indexOf("secretsecret");
    const spans = [
      { start: 0, end: 0, kind: "stripped", rule: "byte-order-mark" },
      { start: 0, end: 19, kind: "stripped", rule: "licence-header" },
      { start: secret, end: secret + 12, kind: "redacted", rule: "x", placeholder: "<KEY>" },
    ] as const;
    const text = "const key = '<KEY>'; call(retryQueue);\n";
    const document = { path: "e.ts", language: "typescript", text, spans };
    expect(await termOccurrences([document], "retryQueue", 9, root)).toMatchObject([{ line: 2, character: 33 }]);
    expect(await termOccurrences([document], "retryQueue", 9)).toMatchObject([{ line: 0, character: 26 }]);
    writeFileSync(join(root, "e.ts"), "changed since\n");
    expect(await termOccurrences([document], "retryQueue", 9, root)).toMatchObject([{ line: 0, character: 26 }]);
  });
});
