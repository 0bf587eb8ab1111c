import type { TextSpan } from "@midtrain/protocol/corpus";
import type { ListedFile } from "../listing/list-git";
import type { FileFacts } from "../reading/file-work";

/** A redacted or stripped stretch, and for a redacted one its line on disk, from 1. */
export interface LinedSpan extends TextSpan {
  readonly line?: number;
}

/** What cleaning made of a file: everything but its text. */
export type CleanRecord =
  | { readonly kind: "reject"; readonly rule: string; readonly reason: string }
  | {
      readonly kind: "document";
      readonly spans: readonly LinedSpan[];
      readonly redactedBytes: number;
      readonly strippedBytes: number;
      /** Fingerprint of the sequence of words. */
      readonly words: string;
      /** Where it went; absent for a duplicate. */
      readonly side?: "train" | "held-out" | "sealed" | undefined;
    };

export type DocumentRecord = Extract<CleanRecord, { kind: "document" }>;

/** Everything that a harvest remembers of a file for the next one. It holds no text and no value. */
export interface FileRecord {
  readonly path: string;
  /** Blob that git vouched for, unread, or the state of the file without git; absent: what was found holds for this harvest only. */
  readonly source?: string | undefined;
  /** Number of its attributes in the state's table. */
  readonly attributes: number;
  readonly facts: FileFacts;
  readonly cleaned?: CleanRecord;
}

/** What git or the file system vouches for, so that the facts of an earlier harvest hold for the file as it is now. */
export function sourceOf(file: ListedFile): string | undefined {
  if (file.content !== undefined) return undefined;
  return file.unchanged ? file.index?.blob : file.stat;
}
