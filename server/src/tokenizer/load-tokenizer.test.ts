import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Tokenizer as Reference } from "tokenizers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MidtrainError } from "@midtrain/protocol/errors";
import { loadTokenizer } from "./load-tokenizer";
import { sharedFile, trainedJson } from "./reference.test-support";
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
    const named = (content: string): TokenizerJson => ({
      ...trainedJson(),
      added_tokens: [{ ...trainedJson().added_tokens[2]!, content }],
      model: { ...trainedJson().model, vocab: { ...trainedJson().model.vocab, [content]: 2 } },
    });
    write("chat/tokenizer.json", trainedJson());
    write("chat/tokenizer_config.json", { eos_token: "<|im_start|>" });
    expect((await loadTokenizer("chat", { base: directory })).endOfText).toBe(0);
    write("odd/tokenizer.json", named("<stop>"));
    write("odd/tokenizer_config.json", { eos_token: { content: "<stop>" } });
    expect((await loadTokenizer("odd", { base: directory })).endOfText).toBe(2);
  });
});

describe("what the engine does not have", () => {
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false };
  it.each([
    ["normalizer Lowercase", { normalizer: { type: "Lowercase" } }],
    ["ByteLevel with add_prefix_space", { pre_tokenizer: { ...byteLevel, add_prefix_space: true } }],
    [
      "Split with behavior Removed",
      {
        pre_tokenizer: {
          type: "Sequence",
          pretokenizers: [{ type: "Split", pattern: { Regex: "a" }, behavior: "Removed", invert: false }, byteLevel],
        },
      },
    ],
    ["pre-tokenizer UnicodeScripts", { pre_tokenizer: { type: "Sequence", pretokenizers: [{ type: "UnicodeScripts" }, byteLevel] } }],
    [
      "Digits without a closing ByteLevel",
      { pre_tokenizer: { type: "Sequence", pretokenizers: [byteLevel, { type: "Digits", individual_digits: true }] } },
    ],
    [
      "\\p{Greek}",
      {
        pre_tokenizer: {
          type: "Sequence",
          pretokenizers: [{ type: "Split", pattern: { Regex: "\\p{Greek}+" }, behavior: "Isolated", invert: false }, byteLevel],
        },
      },
    ],
    ["model WordLevel", { pre_tokenizer: { type: "Whitespace" }, model: { type: "WordLevel", vocab: { a: 0 }, unk_token: "a" } }],
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
    expect(error).toMatchObject({ reason: "corrupt" });
    expect(error.message).toContain("<|late|>");
  });
});

describe("the labelled fallback", () => {
  const wordPiece = (more: object = {}): object => ({
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [{ id: 0, content: "[UNK]", special: true, single_word: false, lstrip: false, rstrip: false, normalized: false }],
    normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: null,
    decoder: { type: "WordPiece", prefix: "##", cleanup: false },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: { "[UNK]": 0, retry: 1, "##queue": 2, queue: 3, _: 4, "(": 5, ")": 6 },
    },
    ...more,
  });

  it("is labelled, gives the reference's ids, and says so when it has no offsets", async () => {
    write("words/tokenizer.json", wordPiece());
    const tokenizer = await loadTokenizer("words", { base: directory });
    expect(tokenizer.identity.engine).toBe("huggingface");
    const text = "Retryqueue(queue) other";
    const reference = await Reference.fromString(JSON.stringify(wordPiece())).encode(text, null, { addSpecialTokens: false });
    expect([...tokenizer.encode(text)]).toEqual(reference.getIds());
    expect(() => tokenizer.encodeWithOffsets(text)).toThrow(/Offsets are not available/);
  });

  it("refuses a flag that it is known to ignore", async () => {
    write(
      "single/tokenizer.json",
      wordPiece({
        added_tokens: [{ id: 0, content: "[UNK]", special: true, single_word: true, lstrip: false, rstrip: false, normalized: false }],
      }),
    );
    expect((await failure("single")).message).toContain("single_word");
  });

  it.skipIf(sharedFile("llama2.json") === undefined)(
    "needs shared/tokenizers: llama2 gives the reference's ids, spans that spell the text, and ordinary text for look-alikes",
    async () => {
      const tokenizer = await loadTokenizer(sharedFile("llama2.json")!);
      const reference = Reference.fromFile(sharedFile("llama2.json")!);
      expect(tokenizer.identity).toMatchObject({ name: "llama2", engine: "huggingface" });
      for (const text of ["def retry_queue(self):\n    return None", " two  spaces", "naïve 日本語 😀", "a<s>b</s>"]) {
        expect([...tokenizer.encode(text)]).toEqual((await reference.encode(text, null, { addSpecialTokens: false })).getIds());
      }
      const text = "x = 日本 😀\t(y)";
      const { ids, offsets } = tokenizer.encodeWithOffsets(text);
      expect(offsets[2 * ids.length - 1]).toBe(text.length);
      for (let i = 1; i < ids.length; i++) expect(offsets[2 * i]!).toBeLessThanOrEqual(offsets[2 * i - 1]!);
      expect([...tokenizer.encode("a<s>b", { special: "ordinary" })]).not.toContain(1);
      expect(tokenizer.countSpecialLookalikes("a<s>b</s>")).toBe(2);
    },
  );
});
