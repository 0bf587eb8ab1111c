import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seededRandom } from "../platform/random";
import { byteLevelFromJson } from "./byte-level-json";
import { fuzzText } from "./fuzz-texts";
import { loadTokenizer } from "./load-tokenizer";
import { packedFromBytes } from "./packed-json";
import { sharedFile, trainedJson } from "./reference.test-support";
import { checkedTokenizerJson } from "./tokenizer-file";
import type { TokenizerJson } from "./tokenizer-json";

let directory: string;
beforeAll(() => (directory = mkdtempSync(join(tmpdir(), "midtrain-tokenizer-cache-"))));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const packed = (text: string) => packedFromBytes(Buffer.from(text, "utf8"), (json) => checkedTokenizerJson(json, "test"));

describe("a tokenizer.json read as packed lists", () => {
  const json = trainedJson();
  const withMerges = (merges: readonly unknown[]): string => JSON.stringify({ ...json, model: { ...json.model, merges } });

  it("has the content hash and the tokens of the plain way, however it is written", () => {
    const plain = byteLevelFromJson(json, { name: "plain" });
    const escaped = JSON.stringify(json).replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
    const pairs = withMerges(json.model.merges!.map((merge) => (typeof merge === "string" ? merge.split(" ") : merge)));
    const gaps = { ...json, model: { ...json.model, vocab: { ...json.model.vocab, '\u0001"\\\u2028é': 5000, __proto__x: 7000 } } };
    for (const text of [JSON.stringify(json), JSON.stringify(json, undefined, 2), escaped, pairs]) {
      const lists = packed(text)!;
      expect(lists.contentHash).toBe(plain.identity.hash);
      for (const token of Object.keys(json.model.vocab)) expect(lists.vocabulary.get(token)).toBe(json.model.vocab[token]);
    }
    const spaced = packed(JSON.stringify(gaps, undefined, 1))!;
    expect(spaced.contentHash).toBe(byteLevelFromJson(gaps, { name: "gaps" }).identity.hash);
    expect(spaced.vocabulary.textOf(5000)).toBe('\u0001"\\\u2028é');
    expect(spaced.vocabulary.textOf(4999)).toBeUndefined();
  });

  it("reads the tokens that plain objects trip over", () => {
    const text = JSON.stringify(json).replace('"vocab":{', '"vocab":{"__proto__":9000,"constructor":9001,"hasOwnProperty":9002,');
    const { vocabulary } = packed(text)!;
    expect(["__proto__", "constructor", "hasOwnProperty", "toString"].map((token) => vocabulary.get(token))).toEqual([
      9000,
      9001,
      9002,
      undefined,
    ]);
  });

  it("leaves everything unusual to the plain way", () => {
    const text = JSON.stringify(json);
    const [first] = Object.keys(json.model.vocab);
    const unusual = [
      text.replace('"vocab":{', `"vocab":{${JSON.stringify(first)}:9000,`),
      text.replace('"vocab":{', '"vocab":{"twice":0,'),
      text.replace('"vocab":{', '"vocab":{"negative":-1,'),
      text.replace('"vocab":{', '"vocab":{"fraction":1.5,'),
      text.replace('"vocab":{', '"vocab":{"large":99999999,'),
      text.replace('"vocab":{', '"vocab":{"\\ud800":9000,'),
      text.replace('"model":', '"model":{},"model":'),
      text.replace('"merges":', '"merges":[],"merges":'),
      text.replace('"model":', '"\\u006dodel":'),
      withMerges(["nobody knows"]),
      withMerges(["one"]),
      withMerges(["a b c"]),
      withMerges([["a", "b", "c"]]),
      text.slice(0, -1),
      `${text}x`,
      text.replace('"vocab":{', '"vocab":{,'),
      JSON.stringify({ ...json, model: { ...json.model, vocab: [["a", 0]] } }),
    ];
    for (const [index, bad] of unusual.entries()) expect([index, packed(bad)]).toEqual([index, undefined]);
    expect(packedFromBytes(Buffer.from([...Buffer.from(text), 0xff]), (value) => value as TokenizerJson)).toBeUndefined();
  });
});

/** The trained tokenizer, with enough tokens beside it to be worth a cache. */
function largeFile(): string {
  const json = trainedJson();
  const vocab: Record<string, number> = { ...json.model.vocab };
  for (let id = 5000; id < 25_000; id++) vocab[`filler${id}`] = id;
  const file = join(directory, "large.json");
  writeFileSync(file, JSON.stringify({ ...json, model: { ...json.model, vocab } }));
  return file;
}

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe("the cache of packed tokenizers", () => {
  const environment = (): NodeJS.ProcessEnv => ({ MIDTRAIN_CACHE: directory });
  const load = async (spec: string) => {
    const tokenizer = await loadTokenizer(spec, { environment: environment() });
    await nextTurn();
    return tokenizer;
  };
  const entries = (): string[] => readdirSync(join(directory, "tokenizers")).map((name) => join(directory, "tokenizers", name));

  it("gives the same tokenizer from JSON, from the cache, and after every kind of damage to the cache", async () => {
    const file = largeFile();
    const plain = byteLevelFromJson(JSON.parse(readFileSync(file, "utf8")) as TokenizerJson, { name: "large" });
    const random = seededRandom("cache");
    const texts = Array.from({ length: 100 }, () => fuzzText(random, 40));
    const same = async (): Promise<void> => {
      const tokenizer = await load(file);
      expect(tokenizer.identity).toEqual(plain.identity);
      for (const text of texts) expect(tokenizer.encodeWithOffsets(text)).toEqual(plain.encodeWithOffsets(text));
      expect(tokenizer.decode([0, 300, 5000, 24_999])).toBe(plain.decode([0, 300, 5000, 24_999]));
    };
    await same();
    const [entry] = entries();
    const good = readFileSync(entry!);
    await same();
    const flipped = Buffer.from(good);
    flipped[good.length >> 1]! ^= 1;
    for (const bad of [
      flipped,
      good.subarray(0, good.length - 9),
      Buffer.alloc(0),
      Buffer.from("not a cache at all, but long enough for a checksum"),
      good,
    ]) {
      writeFileSync(entry!, bad);
      await same();
      expect(readFileSync(entry!).equals(good)).toBe(true);
    }
    // Another file's entry under this name.
    const other = JSON.parse(readFileSync(file, "utf8")) as TokenizerJson;
    writeFileSync(join(directory, "other.json"), JSON.stringify({ ...other, model: { ...other.model, ignore_merges: true } }));
    await load(join(directory, "other.json"));
    const foreign = entries().find((name) => name !== entry)!;
    copyFileSync(foreign, entry!);
    await same();
  });

  it("is another entry when the file changes by a byte", async () => {
    const file = largeFile();
    const before = (await load(file)).identity.hash;
    writeFileSync(file, readFileSync(file, "utf8").replace("filler7777", "filler777x"));
    expect((await load(file)).identity.hash).not.toBe(before);
  });

  it("keeps a bounded number of tokenizers", async () => {
    const text = readFileSync(largeFile(), "utf8");
    for (let count = 0; count < 15; count++) {
      writeFileSync(join(directory, "many.json"), text.replace("filler6000", `other${count}`));
      await load(join(directory, "many.json"));
    }
    expect(entries().length).toBeLessThanOrEqual(12);
  });

  it("gives an encoding of tiktoken as it is without a cache", async () => {
    const first = await load("tiktoken:r50k_base");
    const again = await load("tiktoken:r50k_base");
    expect(again.identity).toEqual(first.identity);
    const text = readFileSync(__filename, "utf8");
    expect(again.encodeWithOffsets(text)).toEqual(first.encodeWithOffsets(text));
  });

  for (const name of ["qwen2", "llama3", "gpt2", "starcoder2", "deepseek-coder"]) {
    const file = sharedFile(`${name}.json`);
    it.skipIf(file === undefined)(`needs shared/tokenizers: ${name} is the same by all three ways`, async () => {
      const plain = byteLevelFromJson(checkedTokenizerJson(JSON.parse(readFileSync(file!, "utf8")), file!), { name });
      expect((await load(file!)).identity).toEqual(plain.identity);
      expect((await load(file!)).identity).toEqual(plain.identity);
    });
  }
});
