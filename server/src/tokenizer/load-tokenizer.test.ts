import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Tokenizer as Reference } from "tokenizers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MidtrainError } from "@midtrain/protocol/errors";
import { seededRandom } from "../platform/random";
import { fuzzText } from "./fuzz-texts";
import { loadTokenizer } from "./load-tokenizer";
import { firstDifference, sharedFile, trainedJson } from "./reference.test-support";
import { loadTiktokenEncoding } from "./tiktoken-ranks";
import type { TokenizerJson } from "./tokenizer-json";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "midtrain-tokenizer-"));
  write("model/tokenizer.json", trainedJson());
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function write(name: string, content: unknown): void {
  const file = join(directory, name);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
}

async function failure(spec: string, environment: NodeJS.ProcessEnv = { XDG_CACHE_HOME: join(directory, "none") }): Promise<MidtrainError> {
  const error: unknown = await loadTokenizer(spec, { base: directory, environment }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!MidtrainError.is(error)) throw new Error(`expected a MidtrainError, got ${String(error)}`);
  return error;
}

describe("finding a tokenizer", () => {
  it("takes a directory, a file and a relative path", async () => {
    for (const spec of ["model", "model/tokenizer.json", join(directory, "model")]) {
      const tokenizer = await loadTokenizer(spec, { base: directory });
      expect(tokenizer.identity).toMatchObject({ name: "model", engine: "own" });
      expect(tokenizer.endOfText).toBe(0);
    }
  });

  it("takes a name in the Hugging Face cache: the revision of main", async () => {
    write("hub/models--org--tiny/refs/main", "abc123\n");
    write("hub/models--org--tiny/snapshots/abc123/tokenizer.json", trainedJson());
    write("hub/models--org--tiny/snapshots/older/tokenizer.json", "{}");
    const places: NodeJS.ProcessEnv[] = [
      { HF_HUB_CACHE: join(directory, "hub") },
      { HUGGINGFACE_HUB_CACHE: join(directory, "hub") },
      { HF_HOME: directory },
    ];
    for (const environment of places)
      expect((await loadTokenizer("org/tiny", { base: directory, environment })).identity.name).toBe("org/tiny");
  });

  it("says where it looked and what to do", async () => {
    const error = await failure("org/absent", { HF_HOME: join(directory, "home") });
    expect(error.reason).toBe("input");
    expect(error.message).toContain(join(directory, "org/absent"));
    expect(error.message).toContain(join(directory, "home", "hub", "models--org--absent"));
    expect(error.next).toContain("tiktoken:");
  });

  it("names the encodings there are for a wrong one", async () => {
    expect((await failure("tiktoken:nope")).next).toContain("tiktoken:o200k_base");
    expect((await failure("tiktoken:../../package")).reason).toBe("input");
  });

  it("refuses broken files in words", async () => {
    write("broken/tokenizer.json", '{"model": ');
    write("other/tokenizer.json", { name: "package" });
    expect(await failure("broken")).toMatchObject({ reason: "input", where: join(directory, "broken", "tokenizer.json") });
    expect((await failure("other")).message).toContain("no model");
  });

  it("prefers names that end a document to a chat model's eos_token, and knows a configured one", async () => {
    const named = (content: string): TokenizerJson => {
      const { added_tokens, model } = trainedJson();
      const vocab = Object.fromEntries(Object.entries(model.vocab).map(([token, id]) => [id === 2 ? content : token, id]));
      return { ...trainedJson(), added_tokens: [{ ...added_tokens[2]!, content }], model: { ...model, vocab } };
    };
    write("chat/tokenizer.json", trainedJson());
    write("chat/tokenizer_config.json", { eos_token: "<|im_start|>" });
    expect((await loadTokenizer("chat", { base: directory })).endOfText).toBe(0);
    write("odd/tokenizer.json", named("<stop>"));
    write("odd/tokenizer_config.json", { eos_token: { content: "<stop>" } });
    expect((await loadTokenizer("odd", { base: directory })).endOfText).toBe(2);
  });
});

describe("what the engine does not have", () => {
  it.each([
    ["normalizer Sparkle", { normalizer: { type: "Sequence", normalizers: [{ type: "NFC" }, { type: "Sparkle" }] } }],
    ["pre-tokenizer Delimiters", { pre_tokenizer: { type: "Delimiters" } }],
    ["(?<name>", { pre_tokenizer: { type: "Split", pattern: { Regex: "(?<name>a)" }, behavior: "Isolated", invert: false } }],
    ["decoder CTC", { decoder: { type: "CTC" } }],
    ["BPE with dropout", { model: { ...trainedJson().model, dropout: 0.1 } }],
    ["model Neural", { model: { type: "Neural", vocab: {} } }],
    [
      "WordPiece with words of 1000000",
      { model: { type: "WordPiece", vocab: { a: 0 }, unk_token: "a", continuing_subword_prefix: "##", max_input_chars_per_word: 1e6 } },
    ],
  ])("is refused by name: %s", async (component, change) => {
    write("refused/tokenizer.json", { ...trainedJson(), ...change });
    const error = await failure("refused");
    expect(error.reason).toBe("unsupported");
    expect(error.message).toContain(component);
  });

  it("is refused when the reference would number an added token differently", async () => {
    write("trap/tokenizer.json", {
      ...trainedJson(),
      added_tokens: [...trainedJson().added_tokens, { ...trainedJson().added_tokens[0]!, content: "<|late|>", id: 5000 }],
    });
    const error = await failure("trap");
    expect(error).toMatchObject({ reason: "input", where: expect.stringMatching(/trap.*added_tokens$/) as string });
    expect(error.message).toContain("<|late|>");
  });
});

describe("a file that is broken or hostile", () => {
  const { model } = trainedJson();
  const nested = (depth: number): string => `${'{"type":"Sequence","normalizers":['.repeat(depth)}${"]}".repeat(depth)}`;
  it.each<[string, string | object, string]>([
    ["cut off", JSON.stringify(trainedJson()).slice(0, 20_000), "JSON"],
    [
      "nested beyond reason",
      JSON.stringify({ ...trainedJson(), normalizer: 0 }).replace('"normalizer":0', () => `"normalizer":${nested(100_000)}`),
      "deep",
    ],
    ["ids twice", { ...trainedJson(), model: { ...model, vocab: { ...model.vocab, another: 5 } } }, "belongs to two tokens"],
    ["an id that is no number", { ...trainedJson(), model: { ...model, vocab: { ...model.vocab, another: "5" } } }, "has the id"],
    ["an id beyond memory", { ...trainedJson(), model: { ...model, vocab: { ...model.vocab, another: 4_000_000_000 } } }, "4000000000"],
    ["merges of nothing", { ...trainedJson(), model: { ...model, merges: [["Ġ", "nowhere"]] } }, "nowhere"],
    ["merges of three", { ...trainedJson(), model: { ...model, merges: ["a b c"] } }, "is not a pair"],
    ["no vocabulary", { ...trainedJson(), model: { ...model, vocab: [] } }, "vocabulary"],
    ["added tokens that are none", { ...trainedJson(), added_tokens: [1] }, "added_tokens"],
    ["an added token without content", { ...trainedJson(), added_tokens: [{ id: 0 }] }, "no content"],
    ["another version", { ...trainedJson(), version: "2.0" }, "version"],
    ["a field of another kind", { ...trainedJson(), pre_tokenizer: { type: "Digits", individual_digits: "yes" } }, "individual_digits"],
    [
      "a character map that ends",
      { ...trainedJson(), normalizer: { type: "Precompiled", precompiled_charsmap: "AAAA" } },
      "ends too early",
    ],
    ["a behavior of its own", { ...trainedJson(), pre_tokenizer: { type: "Punctuation", behavior: "Melt" } }, "behavior"],
    ["a list", [], "no model"],
  ])("is refused with a reason: %s", async (_name, content, reason) => {
    write("hostile/tokenizer.json", content);
    const error = await failure("hostile");
    expect(["input", "corrupt"]).toContain(error.reason);
    expect(error.message).toContain(reason);
  });

  it("is refused by its size alone", async () => {
    mkdirSync(join(directory, "huge"));
    const file = openSync(join(directory, "huge", "tokenizer.json"), "w");
    ftruncateSync(file, 2 ** 30);
    closeSync(file);
    expect((await failure("huge")).message).toContain("1.07 GB");
  });

  it("is refused when a pattern would try forever", async () => {
    const pre_tokenizer = { type: "Split", pattern: { Regex: "(?=(a+)+b)(a|b)+|c" }, behavior: "Isolated", invert: false };
    write("costly/tokenizer.json", { ...trainedJson(), pre_tokenizer });
    const tokenizer = await loadTokenizer("costly", { base: directory });
    expect(() => tokenizer.encode("a".repeat(5000))).toThrow(/too many steps/);
  });

  it("has merges that go round: a merge of two tokens that each contain the other is an ordinary one", async () => {
    const vocab = { a: 0, b: 1, ab: 2, ba: 3, aba: 4 };
    const round = { ...model, vocab, merges: ["a b", "b a", "ab a", "a ba"], unk_token: null };
    write("round/tokenizer.json", { ...trainedJson(), added_tokens: [], pre_tokenizer: null, model: round });
    const own = await loadTokenizer("round", { base: directory });
    const json = { ...trainedJson(), added_tokens: [], pre_tokenizer: null, model: round };
    const reference = await Reference.fromString(JSON.stringify(json)).encode("abababaab", null, { addSpecialTokens: false });
    expect([...own.encode("abababaab")]).toEqual(reference.getIds());
  });
});

describe("vocab.json with merges.txt", () => {
  const parts = (name: string, config: object | undefined): void => {
    const { model } = trainedJson();
    const merges = (model.merges ?? []).map((merge) => (typeof merge === "string" ? merge : merge.join(" ")));
    write(`${name}/vocab.json`, model.vocab);
    write(`${name}/merges.txt`, ["#version: 0.2", ...merges, ""].join("\r\n"));
    if (config) write(`${name}/tokenizer_config.json`, config);
  };

  it.each([
    ["gpt2", { tokenizer_class: "GPT2Tokenizer" }, "pairs"],
    ["gpt2", { tokenizer_class: "GPT2TokenizerFast", add_prefix_space: true }, "pairs"],
    ["qwen2", { tokenizer_class: "Qwen2Tokenizer" }, "pairs"],
    ["gpt2", undefined, "pairs#gpt2"],
    ["qwen2", undefined, "pairs/vocab.json#qwen2"],
  ])("as %s with %j", async (family, config, spec) => {
    rmSync(join(directory, "pairs"), { recursive: true, force: true });
    parts("pairs", config);
    const own = await loadTokenizer(spec, { base: directory });
    const prefix = config !== undefined && "add_prefix_space" in config;
    const regex =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    const byteLevel = { type: "ByteLevel", add_prefix_space: prefix, trim_offsets: false, use_regex: family === "gpt2" };
    const split = { type: "Split", pattern: { Regex: regex }, behavior: "Isolated", invert: false };
    const json = {
      ...trainedJson(),
      normalizer: family === "qwen2" ? { type: "NFC" } : null,
      pre_tokenizer: family === "gpt2" ? byteLevel : { type: "Sequence", pretokenizers: [split, byteLevel] },
    };
    const text = "def f(x):\n    return x123  # it's\u0301 e\u0301<|endoftext|>";
    expect([...own.encode(text)]).toEqual(
      (await Reference.fromString(JSON.stringify(json)).encode(text, null, { addSpecialTokens: false })).getIds(),
    );
    expect(own.endOfText).toBe(0);
  });

  it("is refused when nothing names its family, or one that is not known", async () => {
    parts("nameless", undefined);
    expect((await failure("nameless")).message).toContain("do not say how");
    parts("clip", { tokenizer_class: "CLIPTokenizer" });
    expect((await failure("clip")).message).toContain("CLIPTokenizer");
    expect((await failure("nameless#clip")).next).toContain("#gpt2");
  });
});

describe("rank files", () => {
  const ranks = (): string => {
    const { bpe_ranks } = loadTiktokenEncoding("r50k_base");
    const [, first, ...tokens] = bpe_ranks.split("\n")[0]!.split(" ");
    return tokens.map((token, index) => `${token} ${Number(first) + index}\n`).join("");
  };

  it("are read with the encoding that the person names, and equal tiktoken's", async () => {
    write("ranks/r50k.tiktoken", ranks());
    const own = await loadTokenizer("ranks/r50k.tiktoken#r50k_base", { base: directory });
    const named = await loadTokenizer("tiktoken:r50k_base");
    expect(own.identity).toMatchObject({ name: "r50k", engine: "tiktoken", behaviour: named.identity.behaviour });
    expect(own.identity.hash).toMatch(/^[0-9a-f]{64}$/);
    expect((await loadTokenizer("ranks#r50k_base", { base: directory })).identity.hash).toBe(own.identity.hash);
  });

  it("of Qwen-1 are known by the class of their directory; Llama-3 by the name", async () => {
    write("qwen1/qwen.tiktoken", ranks());
    write("qwen1/tokenizer_config.json", { tokenizer_class: "QWenTokenizer" });
    const qwen = await loadTokenizer("qwen1", { base: directory });
    expect(qwen.specialTokenId("<|im_start|>")).toBe(qwen.specialTokenId("<|endoftext|>")! + 1);
    expect(qwen.vocabularySize).toBe(qwen.specialTokenId("<|endoftext|>")! + 208);
    write("llama/tokenizer.model", ranks());
    const llama = await loadTokenizer("llama#llama3", { base: directory });
    expect(llama.vocabularySize - llama.specialTokenId("<|begin_of_text|>")!).toBe(256);
    expect(llama.decode(llama.encode("x = 1234567 <|eot_id|>"))).toBe("x = 1234567 <|eot_id|>");
    expect(llama.encode("1234567").length).toBeGreaterThanOrEqual(3);
  });

  it("are refused without a name, with a wrong one, and when they are broken", async () => {
    write("bare/x.tiktoken", ranks());
    expect((await failure("bare")).next).toContain("#llama3");
    expect((await failure("bare#nothing")).message).toContain("nothing");
    write("torn/x.tiktoken", ranks().slice(0, 3000));
    expect(await failure("torn#r50k_base")).toMatchObject({ reason: "input", where: expect.stringMatching(/x\.tiktoken$/) as string });
    write("spm/tokenizer.model", "\n\x0e\n\x05<unk>");
    expect((await failure("spm")).message).toContain("SentencePiece");
  });
});

describe("the general engine", () => {
  it.skipIf(sharedFile("llama2.json") === undefined)(
    "needs shared/tokenizers: llama2 gives the reference's ids and spans, passes all vectors, and keeps look-alikes as text",
    async () => {
      const tokenizer = await loadTokenizer(sharedFile("llama2.json")!);
      expect(tokenizer.identity).toMatchObject({ name: "llama2", engine: "own" });
      const random = seededRandom("llama2");
      const texts = Array.from({ length: 600 }, () => fuzzText(random, 30));
      expect(await firstDifference(tokenizer, Reference.fromFile(sharedFile("llama2.json")!), texts)).toBeUndefined();
      const [inputs, outputs] = ["inp", "out"].map((end) => readFileSync(sharedFile(`vectors/llama-spm.${end}`)!, "utf8"));
      const expected = outputs!.split("\n").map((line) => line.trim().split(/\s+/).filter(Boolean).map(Number));
      const cases = inputs!.split("\n__ggml_vocab_test__\n").slice(0, -1);
      for (const [index, text] of cases.entries()) expect([text, ...tokenizer.encode(text)]).toEqual([text, ...expected[index]!]);
      expect([...tokenizer.encode("a<s>b", { special: "ordinary" })]).not.toContain(1);
      expect(tokenizer.countSpecialLookalikes("a<s>b</s>")).toBe(2);
    },
  );
});
