import type { SplitSide } from "@midtrain/protocol/corpus";
import type { CleanDocument, CleanStage } from "../clean-stage";
import type { SeenFile } from "../read-stage";
import type { FileFacts } from "../reading/file-work";
import { sourceOf, type CleanRecord, type FileRecord } from "./file-record";

/**
 * What the next harvest may take over; a record that holds as it was stays the same object. A path that must not be written down is left out.
 * @param sides of the documents, undefined for a duplicate
 */
export function recordsOf(files: readonly SeenFile[], clean: CleanStage, sides: readonly (SplitSide | undefined)[]): FileRecord[] {
  const records: FileRecord[] = [];
  // Documents are the files that cleaning left something of, in the order of the files.
  let next = 0;
  for (const seen of files) {
    const { file, facts, record } = seen;
    if (facts.kind === "reject" && facts.path !== file.path) continue;
    const document = clean.documents[next]?.path === file.path ? clean.documents[next] : undefined;
    const side = document === undefined ? undefined : sides[next++];
    const isSame = document === undefined ? isRejectedAsBefore(seen, clean) : isAsBefore(document, side);
    records.push(record !== undefined && isSame ? record : newRecord(seen, document, clean, side));
  }
  return records;
}

/** What hindered the reading may be over at the next harvest, and no state of the file shows it. */
function isPassing(facts: FileFacts): boolean {
  return facts.kind === "reject" && (facts.rule === "unreadable" || facts.rule === "vanished");
}

function isRejectedAsBefore({ file, facts, record }: SeenFile, { rejectedTexts }: CleanStage): boolean {
  if (facts.kind === "reject") return true;
  return record?.cleaned?.kind === "reject" && record.cleaned.rule === rejectedTexts.get(file.path)?.rule;
}

function isAsBefore({ before }: CleanDocument, side: SplitSide | undefined): boolean {
  return before !== undefined && before.side === side;
}

function newRecord(
  { file, attributes, facts }: SeenFile,
  document: CleanDocument | undefined,
  clean: CleanStage,
  side: SplitSide | undefined,
): FileRecord {
  const source = isPassing(facts) ? undefined : sourceOf(file);
  const cleaned = cleanRecord(document, clean.rejectedTexts.get(file.path), side);
  return {
    path: file.path,
    ...(source === undefined ? {} : { source }),
    attributes,
    facts,
    ...(cleaned === undefined ? {} : { cleaned }),
  };
}

function cleanRecord(
  document: CleanDocument | undefined,
  rejected: { readonly rule: string; readonly reason: string } | undefined,
  side: SplitSide | undefined,
): CleanRecord | undefined {
  if (rejected !== undefined) return { kind: "reject", rule: rejected.rule, reason: rejected.reason };
  if (document === undefined) return undefined;
  const { spans, redactedBytes, strippedBytes, words } = document;
  return { kind: "document", spans, redactedBytes, strippedBytes, words, ...(side === undefined ? {} : { side }) };
}
