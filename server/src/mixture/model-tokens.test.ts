import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../platform/random";
import { repositoryTexts } from "../platform/test-texts";
import { byteLevelFromJson, loadTokenizer, trainByteLevelBpe, type Tokenizer } from "../tokenizer";
import { modelTokens } from "./model-tokens";
import { packDocuments, resolveMixture, type PackedRows, type PackingDocument } from "./index";
import { segmentWidth } from "./packing-types";

const marks = {
  star: ["<fim_prefix>", "<fim_middle>", "<fim_suffix>", "<fim_pad>", "<repo_name>", "<file_sep>"],
  qwen: ["<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|fim_pad|>", "<|repo_name|>", "<|file_sep|>"],
  deep: ["<｜fim▁hole｜>", "<｜fim▁begin｜>", "<｜fim▁end｜>"],
};

/** A real tokenizer of 1,000 tokens with these marks; Qwen2.5-Coder adds its own without calling them special. */
function tokenizerWith(added: readonly string[], special = true): Tokenizer {
  const texts = repositoryTexts().map(({ text }) => text);
  const json = trainByteLevelBpe(texts, { vocabularySize: 1000, specialTokens: ["<|endoftext|>", ...added] });
  const tokens = json.added_tokens.map((token) => (token.content === "<|endoftext|>" ? token : { ...token, special }));
  return byteLevelFromJson({ ...json, added_tokens: tokens }, { name: "marked" });
}

const star = tokenizerWith(marks.star);
const qwen = tokenizerWith(marks.qwen, false);
const deep = tokenizerWith(marks.deep);
const plain = tokenizerWith([]);
const idOf = (tokenizer: Tokenizer, content: string): number => tokenizer.encode(content)[0]!;

const about = { name: "a model", repository: "orchard", seed: 7 };

function documents(): PackingDocument[] {
  const odd = "äöü 漢字 🙂🙂 text\n".repeat(40);
  const texts = [
    ...repositoryTexts(),
    { path: "odd.txt", text: odd },
    { path: "line.js", text: "x".repeat(4000) },
    { path: "tiny.js", text: "a;\n" },
  ];
  return texts.map(({ path, text }) => ({ id: `id:${path}`, path, language: "typescript", text }));
}

function fragmentsOf(
  packed: PackedRows,
): { readonly path: string; readonly header: number[]; readonly body: number[]; readonly start: number }[] {
  return Array.from({ length: packed.segments.length / segmentWidth }, (_, i) => {
    const [row, start, length, document, bodyStart, header] = packed.segments.subarray(i * segmentWidth, (i + 1) * segmentWidth);
    const at = row! * packed.rowLength + start!;
    const ids = [...packed.tokens.subarray(at, at + length!)];
    return { path: packed.documents[document!]!.path, header: ids.slice(0, header), body: ids.slice(header), start: bodyStart! };
  }).sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.start - b.start));
}

describe("control tokens of a model", () => {
  it("are found by their spellings, special or not, and only where the tokenizer has them", () => {
    expect(modelTokens(star).files).toEqual({
      file: { id: idOf(star, "<file_sep>"), content: "<file_sep>" },
      repository: { id: idOf(star, "<repo_name>"), content: "<repo_name>" },
    });
    expect(modelTokens(star).fill).toMatchObject({ prefix: { content: "<fim_prefix>" }, hasSuffixFirst: true });
    expect(modelTokens(star).readInText).toEqual([]);
    expect(modelTokens(qwen).files?.file.content).toBe("<|file_sep|>");
    expect(modelTokens(qwen).readInText).toHaveLength(5);
    expect(modelTokens(deep)).toMatchObject({ files: undefined, fill: { middle: { content: "<｜fim▁end｜>" }, hasSuffixFirst: false } });
    expect(modelTokens(plain)).toEqual({ files: undefined, fill: undefined, readInText: [] });
  });

  const shared = join(__dirname, "..", "..", "..", "..", "shared", "tokenizers");
  const known: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ["starcoder2", "<file_sep>", "<fim_prefix>"],
    ["deepseek-coder", undefined, "<｜fim▁begin｜>"],
    ["qwen2", undefined, undefined],
    ["gpt2", undefined, undefined],
    ["llama3", undefined, undefined],
  ];
  it.skipIf(!existsSync(shared)).each(known)("needs shared/tokenizers: %s", async (name, file, prefix) => {
    const found = modelTokens(await loadTokenizer(join(shared, `${name}.json`)));
    expect([found.files?.file.content, found.fill?.prefix.content]).toEqual([file, prefix]);
  });

  it("are the headers of files, masked from the loss, unless the configuration wants the path line", async () => {
    const document = { id: "a", path: "src/a\nb.ts", language: "typescript", text: "let a = 1;\n" };
    const headerOf = async (tokenizer: Tokenizer, header?: "path" | "model", rowLength = 64, extra = {}): Promise<string> => {
      const settings = resolveMixture(header === undefined ? undefined : { header }, tokenizer, about);
      const packed = await packDocuments({ ...settings, documents: [{ ...document, ...extra }], tokenizer, rowLength });
      expect(packed.ledger.lossTokens).toBe(fragmentsOf(packed)[0]!.body.length);
      return tokenizer.decode(fragmentsOf(packed)[0]!.header);
    };
    expect(await headerOf(star)).toBe("<repo_name>orchard<file_sep>src/a\\u000ab.ts\n");
    expect(await headerOf(qwen)).toBe("<|repo_name|>orchard\n<|file_sep|>src/a\\u000ab.ts\n");
    expect(await headerOf(qwen, undefined, 64, { repository: "left-pad" })).toBe("<|repo_name|>left-pad\n<|file_sep|>src/a\\u000ab.ts\n");
    expect(await headerOf(star, "path")).toBe("# src/a\\u000ab.ts\n");
    expect(await headerOf(plain, "model")).toBe("# src/a\\u000ab.ts\n");
    const deepPath = { path: `${"deep/".repeat(90)}file.ts` };
    const short = await headerOf(star, "model", 32, deepPath);
    expect(short.startsWith("<repo_name>orchard<file_sep>") || short.startsWith("<file_sep>")).toBe(true);
    expect(short.endsWith("file.ts\n")).toBe(true);
  });

  it("stand before every fragment of a long file with its path", async () => {
    const document = documents().find(({ path }) => path === "protocol/src/run.ts")!;
    const packed = await packDocuments({
      ...resolveMixture(undefined, star, about),
      documents: [document],
      tokenizer: star,
      rowLength: 256,
    });
    const fragments = fragmentsOf(packed);
    expect(fragments.length).toBeGreaterThan(5);
    for (const { header } of fragments) expect(star.decode(header)).toBe("<repo_name>orchard<file_sep>protocol/src/run.ts\n");
    for (const { body } of fragments.slice(0, -1)) expect(star.decode(body).endsWith("\n")).toBe(true);
  });

  it("inside a text are text: no control token but the packer's own, nothing lost", async () => {
    const text = `A file that writes about <|file_sep|> and <|fim_middle|><|fim_middle|>, <|repo_name|> too.\n${"more\n".repeat(300)}<|file_sep|>`;
    const document = { id: "a", path: "docs/<|file_sep|>.md", language: "markdown", text };
    const packed = await packDocuments({
      ...resolveMixture(undefined, qwen, about),
      documents: [document],
      tokenizer: qwen,
      rowLength: 128,
    });
    const controls = marks.qwen.map((content) => idOf(qwen, content));
    const fragments = fragmentsOf(packed);
    expect(fragments.flatMap(({ body }) => body).filter((id) => controls.includes(id))).toEqual([]);
    for (const { header } of fragments) expect(header.filter((id) => controls.includes(id))).toHaveLength(2);
    expect(qwen.decode(fragments.flatMap(({ body }) => body).slice(0, -1))).toBe(text);
    expect(packed.ledger.specialLookalikes).toBe(6);
  });
});

describe("filling the middle", () => {
  /** What a turned fragment says, put together again; undefined for one that was not turned. */
  function textOf(
    body: readonly number[],
    tokenizer: Tokenizer,
    [prefix, suffix, middle]: readonly string[],
  ): { text: string; suffixFirst: boolean } | undefined {
    const at = (content: string): number => body.indexOf(idOf(tokenizer, content));
    const [p, s, m] = [at(prefix!), at(suffix!), at(middle!)];
    if (p < 0) return undefined;
    const decode = (from: number, to: number): string => tokenizer.decode(body.slice(from, to));
    expect(p).toBe(0);
    expect(body.at(-1)).toBe(tokenizer.endOfText);
    if (s === 1) return { text: decode(m + 1, body.length - 1) + decode(s + 1, m), suffixFirst: true };
    return { text: decode(1, s) + decode(m + 1, body.length - 1) + decode(s + 1, m), suffixFirst: false };
  }

  it.each([
    [0.5, 0],
    [1, 0],
    [0.5, 1],
  ])(
    "turns about the share %f of the fragments, with the suffix first in %f, and the parts joined are the text",
    async (share, suffixFirst) => {
      const settings = resolveMixture({ fillInTheMiddle: { share, suffixFirst } }, star, about);
      const input = documents();
      const packed = await packDocuments({ ...settings, documents: input, tokenizer: star, rowLength: 256 });
      const fragments = fragmentsOf(packed);
      const texts = new Map<string, string>();
      let turned = 0;
      for (const { path, body } of fragments) {
        const found = textOf(body, star, ["<fim_prefix>", "<fim_suffix>", "<fim_middle>"]);
        const end = body.at(-1) === star.endOfText ? body.length - 1 : body.length;
        if (found !== undefined) turned++;
        if (found !== undefined && suffixFirst === 1) expect(found.suffixFirst).toBe(true);
        texts.set(path, (texts.get(path) ?? "") + (found?.text ?? star.decode(body.slice(0, end))));
      }
      for (const { path, text } of input) expect(texts.get(path)).toBe(text);
      expect(packed.ledger.filledMiddles).toBe(turned);
      expect(Math.abs(turned / fragments.length - share)).toBeLessThan(0.12);
      const { ledger } = packed;
      expect(ledger.documentTokens + ledger.headerTokens).toBe(ledger.packedTokens);
      expect(ledger.packedTokens + ledger.paddingTokens).toBe(packed.tokens.length);
      expect(await packDocuments({ ...settings, documents: [...input].reverse(), tokenizer: star, rowLength: 256 })).toEqual(packed);
    },
  );

  it("joins suffix-first fragments in their own order", async () => {
    const settings = resolveMixture({ fillInTheMiddle: { share: 1, suffixFirst: 1 } }, star, about);
    const text = repositoryTexts()[0]!.text.slice(0, 300);
    const packed = await packDocuments({
      ...settings,
      documents: [{ id: "a", path: "a.ts", language: "typescript", text }],
      tokenizer: star,
      rowLength: 512,
    });
    const [{ body }] = fragmentsOf(packed) as unknown as [{ body: number[] }];
    expect(textOf(body, star, ["<fim_prefix>", "<fim_suffix>", "<fim_middle>"])).toEqual({ text, suffixFirst: true });
  });

  it("uses the three marks of a model that knows one order, and refuses the other", async () => {
    const settings = resolveMixture({ fillInTheMiddle: { share: 1 } }, deep, about);
    const [document] = documents() as [PackingDocument];
    const packed = await packDocuments({ ...settings, documents: [document], tokenizer: deep, rowLength: 256 });
    const texts = fragmentsOf(packed).map(({ body }) => textOf(body, deep, ["<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"]));
    expect(texts.every((found) => found !== undefined)).toBe(true);
    expect(texts.map((found) => found!.text).join("")).toBe(document.text);
    expect(() => resolveMixture({ fillInTheMiddle: { share: 1, suffixFirst: 0.5 } }, deep, about)).toThrow(
      expect.objectContaining({ reason: "input", where: "mixture.fillInTheMiddle.suffixFirst" }) as Error,
    );
  });

  it("is refused, with the remedy, where the tokenizer has no tokens for it, and is off by default", () => {
    expect(() => resolveMixture({ fillInTheMiddle: { share: 0.1 } }, plain, about)).toThrow(
      expect.objectContaining({
        reason: "input",
        where: "mixture.fillInTheMiddle.share",
        next: expect.stringMatching(/Set it to 0/) as string,
      }) as Error,
    );
    expect(resolveMixture({ fillInTheMiddle: {} }, plain, about).fill).toBeUndefined();
    expect(resolveMixture(undefined, star, about)).toMatchObject({ fill: undefined, order: "path" });
  });

  it("cuts at line starts and between characters, never inside of one", async () => {
    const text = "🙂🙃".repeat(60) + "\n" + "line 🙂\n".repeat(20);
    const input = Array.from({ length: 60 }, (_, i) => ({
      id: `d${i}`,
      path: `${i}.txt`,
      language: "text",
      text: text.slice(seededRandom("cut", i).int(3) * 2),
    }));
    const packed = await packDocuments({
      ...resolveMixture({ fillInTheMiddle: { share: 1 } }, star, about),
      documents: input,
      tokenizer: star,
      rowLength: 1024,
    });
    let atLines = 0;
    for (const { body } of fragmentsOf(packed)) {
      const parts = [idOf(star, "<fim_suffix>"), idOf(star, "<fim_middle>")].map((id) => body.indexOf(id));
      const prefix = star.decode(body.slice(1, parts[0]));
      expect(star.decode(body)).not.toMatch(/\uFFFD/);
      if (prefix.endsWith("\n")) atLines++;
    }
    expect(packed.ledger.filledMiddles).toBe(60);
    expect(atLines).toBeGreaterThan(10);
    expect(atLines).toBeLessThan(50);
  });
});
