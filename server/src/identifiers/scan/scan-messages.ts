import type { PlainError } from "../../platform/plain-error";
import type { TermCosts } from "../term-lengths";
import type { CorpusTallyParts } from "./corpus-tally";
import type { ScanSetup, Shard, ShardDone } from "./scan-work";

/** A tokenizer as a person names it, and the directory from which a relative path is meant. */
export interface TokenizerSource {
  readonly spec: string;
  readonly base?: string;
}

export interface ScanThreadSetup extends ScanSetup {
  readonly tokenizers: readonly TokenizerSource[];
}

export type ScanRequest =
  | { readonly kind: "shard"; readonly shard: Shard }
  | { readonly kind: "parts" }
  | { readonly kind: "costs"; readonly tokenizer: number; readonly terms: string; readonly tokenFrequency: Float64Array };

export type ScanReply =
  | { readonly kind: "shard"; readonly done: ShardDone }
  | { readonly kind: "parts"; readonly parts: readonly CorpusTallyParts[]; readonly hashes: readonly string[] }
  | { readonly kind: "costs"; readonly costs: TermCosts }
  | { readonly kind: "error"; readonly error: PlainError };
