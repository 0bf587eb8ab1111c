import { existsSync } from "node:fs";
import { join } from "node:path";
import { MidtrainError } from "@midtrain/protocol/errors";
import { cl100kPattern } from "./pre-tokenizer";
import { readJsonFile, readTokenizerText, tokenizerConfig } from "./tokenizer-file";
import type { AddedTokenJson, BpeModelJson, ComponentJson, TokenizerJson } from "./tokenizer-json";

type Fields = Readonly<Record<string, unknown>>;

interface Family {
  readonly normalizer: ComponentJson | null;
  readonly preTokenizer: (config: Fields) => ComponentJson;
  readonly specials: readonly string[];
}

const byteLevel = (addPrefixSpace: boolean, useRegex: boolean): ComponentJson => ({
  type: "ByteLevel",
  add_prefix_space: addPrefixSpace,
  trim_offsets: false,
  use_regex: useRegex,
});

const split = (pattern: string): ComponentJson => ({ type: "Split", pattern: { Regex: pattern }, behavior: "Isolated", invert: false });

/** Families whose vocab.json and merges.txt say no more than the vocabulary: what transformers adds for each. */
const families: Readonly<Record<string, Family>> = {
  gpt2: {
    normalizer: null,
    preTokenizer: (config) => byteLevel(config["add_prefix_space"] === true, true),
    specials: ["<|endoftext|>"],
  },
  qwen2: {
    normalizer: { type: "NFC" },
    preTokenizer: () => ({ type: "Sequence", pretokenizers: [split(cl100kPattern("")), byteLevel(false, false)] }),
    specials: ["<|endoftext|>"],
  },
};

const familyOfClass: Readonly<Record<string, string>> = { GPT2Tokenizer: "gpt2", CodeGenTokenizer: "gpt2", Qwen2Tokenizer: "qwen2" };

/**
 * `vocab.json` and `merges.txt` of a directory as a tokenizer.json.
 * @param family given by the person; else `tokenizer_class` of tokenizer_config.json decides.
 * @throws MidtrainError (unsupported) for a family that is not known; nothing is guessed.
 */
export function tokenizerJsonOf(directory: string, family: string | undefined): TokenizerJson {
  const config = tokenizerConfig(directory);
  const { normalizer, preTokenizer, specials } = familyOf(directory, config, family);
  const vocab = readJsonFile(join(directory, "vocab.json")) as BpeModelJson["vocab"];
  const model: BpeModelJson = { type: "BPE", vocab, merges: mergesOf(join(directory, "merges.txt")) };
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: addedTokens(directory, config, vocab, specials),
    normalizer,
    pre_tokenizer: preTokenizer(config),
    post_processor: null,
    decoder: { ...byteLevel(false, true) },
    model,
  };
}

function familyOf(directory: string, config: Fields, given: string | undefined): Family {
  const className = typeof config["tokenizer_class"] === "string" ? config["tokenizer_class"].replace(/Fast$/, "") : undefined;
  const name = given ?? (className !== undefined && Object.hasOwn(familyOfClass, className) ? familyOfClass[className] : undefined);
  if (name !== undefined && Object.hasOwn(families, name)) return families[name]!;
  const known = Object.keys(families).map((family) => `#${family}`);
  throw new MidtrainError({
    reason: "unsupported",
    message:
      name === undefined && className === undefined
        ? "Unsupported tokenizer component: vocab.json and merges.txt alone do not say how the tokenizer cuts text, and no tokenizer_config.json names its class."
        : `Unsupported tokenizer component: vocab.json and merges.txt of ${name ?? className}.`,
    where: directory,
    next: `Name the family behind the directory (${known.join(", ")}), or convert it: AutoTokenizer.from_pretrained(…).save_pretrained(…) writes a tokenizer.json.`,
  });
}

function mergesOf(file: string): string[] {
  const lines = readTokenizerText(file).split(/\r?\n/);
  while (lines.at(-1) === "") lines.pop();
  return lines.filter((line) => !line.startsWith("#version"));
}

/** Tokens beside the vocabulary, in the order of their ids: from the configuration, or from the files of before it had them. */
function addedTokens(directory: string, config: Fields, vocab: BpeModelJson["vocab"], defaults: readonly string[]): AddedTokenJson[] {
  const decoder = fieldsOf(config["added_tokens_decoder"]);
  const tokens = new Map<string, AddedTokenJson>();
  for (const [id, entry] of Object.entries(decoder ?? {})) {
    const { content, ...flags } = fieldsOf(entry) ?? {};
    if (typeof content === "string") tokens.set(content, { ...flags, id: Number(id), content });
  }
  const listed =
    fieldsOf(existsSync(join(directory, "added_tokens.json")) ? readJsonFile(join(directory, "added_tokens.json")) : undefined) ?? {};
  const special = { special: true, normalized: false };
  for (const [content, id] of Object.entries(listed))
    if (!tokens.has(content)) tokens.set(content, { ...special, id: Number(id), content });
  let next = Math.max(Object.keys(vocab).length, ...[...tokens.values()].map(({ id }) => id + 1));
  for (const content of [...namedSpecials(directory, config), ...defaults]) {
    if (!tokens.has(content)) tokens.set(content, { ...special, id: Object.hasOwn(vocab, content) ? vocab[content]! : next++, content });
  }
  return [...tokens.values()].sort((a, b) => a.id - b.id);
}

/** Contents of the special tokens that the configuration names. */
function namedSpecials(directory: string, config: Fields): string[] {
  const file = join(directory, "special_tokens_map.json");
  const map = fieldsOf(existsSync(file) ? readJsonFile(file) : undefined) ?? {};
  const roles = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];
  const values = [config, map].flatMap((fields) => [...roles.map((role) => fields[role]), ...listOf(fields["additional_special_tokens"])]);
  return values.flatMap((value) => {
    const content = typeof value === "string" ? value : fieldsOf(value)?.["content"];
    return typeof content === "string" && content !== "" ? [content] : [];
  });
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
