/** The parts of a Hugging Face tokenizer.json that Midtrain reads or writes. Unknown members are kept as they are. */
export interface AddedTokenJson {
  readonly id: number;
  readonly content: string;
  readonly single_word?: boolean;
  readonly lstrip?: boolean;
  readonly rstrip?: boolean;
  readonly normalized?: boolean;
  readonly special?: boolean;
}

/** A normalizer, pre-tokenizer, post-processor or decoder: its type and whatever belongs to it. */
export interface ComponentJson {
  readonly type: string;
  readonly [member: string]: unknown;
}

export interface BpeModelJson {
  readonly type: "BPE";
  readonly dropout?: number | null;
  readonly unk_token?: string | null;
  readonly continuing_subword_prefix?: string | null;
  readonly end_of_word_suffix?: string | null;
  readonly fuse_unk?: boolean;
  readonly byte_fallback?: boolean;
  readonly ignore_merges?: boolean;
  readonly vocab: Readonly<Record<string, number>>;
  /** "a b", or [a, b] since tokenizers 0.20. Absent in models that are no BPE. */
  readonly merges?: readonly (string | readonly [string, string])[];
}

export interface TokenizerJson {
  readonly version: string;
  readonly truncation: unknown;
  readonly padding: unknown;
  readonly added_tokens: readonly AddedTokenJson[];
  readonly normalizer: ComponentJson | null;
  readonly pre_tokenizer: ComponentJson | null;
  readonly post_processor: ComponentJson | null;
  readonly decoder: ComponentJson | null;
  readonly model: BpeModelJson;
}

/** Files from before the member existed have merges and no type. */
export function modelType(model: BpeModelJson): string {
  const { type, merges }: { readonly type?: string; readonly merges?: unknown } = model;
  return type ?? (merges === undefined ? "without type" : "BPE");
}
