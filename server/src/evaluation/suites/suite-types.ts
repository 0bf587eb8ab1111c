import type { BucketName } from "@midtrain/protocol/measures";

/** One thing to score. Plain text: the same for every model and tokenizer. `cluster` groups items whose errors are not independent. */
export type SuiteItem = TextItem | ChoiceItem | RefusalItem;

/** Scored by bits per UTF-8 byte of `text` given `context` (which may be empty). */
export interface TextItem {
  readonly kind: "text";
  readonly id: string;
  readonly cluster: string;
  readonly context: string;
  readonly text: string;
}

/** Scored by the log-likelihood (nats) of `right`, and by its margin over the best of `wrong`. */
export interface ChoiceItem {
  readonly kind: "choice";
  readonly id: string;
  readonly cluster: string;
  readonly context: string;
  readonly right: string;
  readonly wrong: readonly string[];
}

/** Scored by log P(refusal | context) - log P(helpful | context), in nats. */
export interface RefusalItem {
  readonly kind: "refusal";
  readonly id: string;
  readonly cluster: string;
  readonly harmful: boolean;
  readonly context: string;
  readonly refusal: string;
  readonly helpful: string;
}

/**
 * A frozen set of items of one bucket (chapter §4.1). No cluster is on both sides: gates, schedules and selection see `items` only;
 * `sealed` (a third) is scored once, at the end, on the base and the selected state.
 */
export interface Suite {
  readonly name: string;
  readonly bucket: BucketName;
  readonly headline: boolean;
  readonly metric: string;
  readonly unit: string;
  readonly better: "lower" | "higher";
  readonly score: "bits-per-byte" | "log-likelihood" | "margin" | "refusal-auc";
  /** The loop's items in growth order: every prefix is a balanced sample, and a larger n contains the smaller one. */
  readonly items: readonly SuiteItem[];
  readonly sealed: readonly SuiteItem[];
}
