import type { DocumentClass, RedactionRecord, RejectRecord, TextSpan } from "@midtrain/protocol/corpus";
import type { Crew } from "./reading/crew";
import type { CleanRequest } from "./reading/file-work";
import type { ShingleSpill } from "./similarity/shingle-spill";
import type { TextStore } from "./written/stores";

/** A cleaned document; its text and shingles are in the stores under its position. */
export interface CleanDocument {
  readonly path: string;
  readonly blob: string;
  readonly class: DocumentClass;
  readonly language: string;
  readonly encoding: string;
  readonly spans: readonly TextSpan[];
  readonly redactions: readonly RedactionRecord[];
  readonly bytes: number;
  readonly redactedBytes: number;
  readonly strippedBytes: number;
  /** Fingerprint of the sequence of words. */
  readonly words: string;
}

/** On-disk bytes that went into the corpus. */
export function keptBytes(document: Pick<CleanDocument, "bytes" | "redactedBytes" | "strippedBytes">): number {
  return document.bytes - document.redactedBytes - document.strippedBytes;
}

export interface CleanStage {
  readonly documents: readonly CleanDocument[];
  readonly rejects: readonly RejectRecord[];
}

/**
 * Cleans every file with what all files together showed (a secret found once is replaced everywhere, a header that opens many
 * files is boilerplate); documents come in path order.
 */
export async function cleanFiles(
  requests: readonly CleanRequest[],
  crew: Crew,
  stores: { readonly texts: TextStore; readonly shingles: ShingleSpill },
  onStep: (done: number) => void,
): Promise<CleanStage> {
  const documents: CleanDocument[] = [];
  const rejects: RejectRecord[] = [];
  let done = 0;
  for await (const cleaned of crew.clean(requests)) {
    const { file, facts } = requests[done]!;
    if (cleaned.kind === "reject") {
      rejects.push({ path: file.path, rule: cleaned.rule, bytes: facts.bytes, reason: cleaned.reason });
    } else {
      const { spans, redactions, redactedBytes, strippedBytes, words } = cleaned;
      stores.texts.put(documents.length, cleaned.text);
      stores.shingles.append(documents.length, cleaned);
      documents.push({
        path: file.path,
        blob: facts.blob,
        class: facts.class,
        language: facts.language,
        encoding: facts.encoding,
        spans,
        redactions,
        bytes: facts.bytes,
        redactedBytes,
        strippedBytes,
        words,
      });
    }
    onStep(++done);
  }
  return { documents, rejects };
}
