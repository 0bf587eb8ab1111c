import { MidtrainError } from "@midtrain/protocol/errors";
import { cl100kPattern, o200kPattern } from "./pre-tokenizer";
import { loadTiktokenEncoding } from "./tiktoken-ranks";

/** What a rank file does not say: how its encoding cuts text, and its special tokens. */
export interface NamedEncoding {
  readonly pattern: string;
  /** Special tokens with their ids. @param ranks number of ordinary tokens. */
  readonly specials: (ranks: number) => ReadonlyMap<string, number>;
  /** Whether text is brought to form C first. */
  readonly nfc: boolean;
}

const openAi = ["o200k_base", "o200k_harmony", "cl100k_base", "p50k_base", "p50k_edit", "r50k_base", "gpt2"] as const;

const counted = (names: readonly string[]) => (ranks: number) => new Map(names.map((name, index) => [name, ranks + index]));

const numbered = (count: number, name: (index: number) => string, first = 0): string[] =>
  Array.from({ length: count }, (_, index) => name(first + index));

const llama3Names = [
  ...["<|begin_of_text|>", "<|end_of_text|>", "<|reserved_special_token_0|>", "<|reserved_special_token_1|>"],
  ...["<|finetune_right_pad_id|>", "<|step_id|>", "<|start_header_id|>", "<|end_header_id|>", "<|eom_id|>", "<|eot_id|>"],
  ...["<|python_tag|>", "<|image|>"],
];

const reserved4 = (part: string, count: number, first: number): string[] =>
  numbered(count, (index) => `<|${part}_reserved_special_token_${index}|>`, first);

const llama4Names = [
  ...["<|begin_of_text|>", "<|end_of_text|>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>"],
  ...["<|header_start|>", "<|header_end|>", "<|eom|>", "<|eot|>", "<|step|>"],
  ...[...reserved4("text_post_train", 6, 0), "<|python_start|>", "<|python_end|>", "<|finetune_right_pad|>"],
  ...reserved4("text_post_train", 61, 8),
  ...["<|image_start|>", "<|image_end|>", ...reserved4("vision", 2, 0), "<|tile_x_separator|>", "<|tile_y_separator|>"],
  ...[...reserved4("vision", 4, 2), "<|image|>", ...reserved4("vision", 1, 6), "<|patch|>", ...reserved4("vision", 1041, 7)],
  ...[...reserved4("reasoning", 8, 0), "<|reasoning_thinking_start|>", "<|reasoning_thinking_end|>"],
];

/** Published patterns and special tokens of rank files that models are shipped with. */
const published: Readonly<Record<string, NamedEncoding>> = {
  qwen: {
    pattern: cl100kPattern(""),
    specials: counted(["<|endoftext|>", "<|im_start|>", "<|im_end|>", ...numbered(205, (index) => `<|extra_${index}|>`)]),
    nfc: true,
  },
  llama3: {
    pattern: cl100kPattern("{1,3}"),
    specials: counted([...llama3Names, ...numbered(256 - llama3Names.length, (index) => `<|reserved_special_token_${index}|>`, 2)]),
    nfc: false,
  },
  llama4: {
    pattern: o200kPattern,
    specials: counted([...llama4Names, ...numbered(2048 - llama4Names.length, (index) => `<|reserved_special_token_${index}|>`)]),
    nfc: false,
  },
};

/** @throws MidtrainError (input) naming the encodings there are. */
export function namedEncoding(name: string, where: string): NamedEncoding {
  const known = published[name];
  if (known) return known;
  if ((openAi as readonly string[]).includes(name)) {
    const { pat_str, special_tokens } = loadTiktokenEncoding(name);
    return { pattern: pat_str, specials: () => new Map(Object.entries(special_tokens)), nfc: false };
  }
  throw new MidtrainError({
    reason: "input",
    message: `There is no encoding "${name}": a rank file does not say how its encoding cuts text, so its name must be a known one.`,
    where,
    next: `Write one of ${encodingNames()} behind the file and a #.`,
  });
}

/** For messages. */
export function encodingNames(): string {
  return [...Object.keys(published), ...openAi].map((name) => `#${name}`).join(", ");
}
