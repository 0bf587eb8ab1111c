import type { SplitSide } from "@midtrain/protocol/corpus";
import { count, plural } from "@midtrain/protocol/words";
import { RunMarks } from "../corpus";
import { throwIfCancelled } from "../platform/cancellation";
import type { PackingDocument } from "./packing-types";

/** Why a replay document is not replayed; of several reasons the first in this order. */
const overlapReasons = ["held-out", "evaluation", "repository"] as const;
type OverlapReason = (typeof overlapReasons)[number];

export interface LeftOutReplay {
  readonly path: string;
  readonly reason: OverlapReason;
  /** 13-word runs that it shares, of so many that it has. */
  readonly shared: number;
  readonly runs: number;
}

export interface CleanReplay {
  readonly documents: readonly PackingDocument[];
  readonly leftOut: readonly LeftOutReplay[];
}

export interface ReplayOverlapOptions {
  readonly documents: readonly PackingDocument[];
  /** All documents of the corpus, one at a time. */
  readonly repository: AsyncIterable<{ readonly split: SplitSide; readonly text: string }>;
  /** What the suites ask and expect. */
  readonly evaluation: readonly string[];
  readonly signal?: AbortSignal;
}

/** Of a document with at least this share of its runs in the repository, replay would only repeat what is trained on anyway. */
const repeatedShare = 0.5;

const flags: Readonly<Record<OverlapReason, number>> = { "held-out": 1, evaluation: 2, repository: 4 };

/**
 * Decontaminates replay against the repository and against what is measured (§3.1): one run of 13 words of a held-out file or of an
 * evaluation item leaves a document out, and so does half of its text in the training files.
 */
export async function cleanReplay({ documents, repository, evaluation, signal }: ReplayOverlapOptions): Promise<CleanReplay> {
  const marks = new RunMarks();
  for (const { text } of documents) marks.add(text);
  for (const text of evaluation) marks.mark(text, flags.evaluation);
  for await (const { split, text } of repository) {
    throwIfCancelled(signal, "comparing replay with the repository");
    marks.mark(text, split === "train" ? flags.repository : flags["held-out"]);
  }
  const leftOut: LeftOutReplay[] = [];
  const kept = documents.filter((document) => {
    const found = overlapOf(document, marks);
    if (found !== undefined) leftOut.push(found);
    return found === undefined;
  });
  return { documents: kept, leftOut };
}

function overlapOf({ path, text }: PackingDocument, marks: RunMarks): LeftOutReplay | undefined {
  const { runs, marked } = marks.of(
    text,
    overlapReasons.map((reason) => flags[reason]),
  );
  for (const [index, reason] of overlapReasons.entries()) {
    const shared = marked[index]!;
    if (shared > 0 && (reason !== "repository" || shared >= repeatedShare * runs)) return { path, reason, shared, runs };
  }
  return undefined;
}

const reasonWords: Readonly<Record<OverlapReason, string>> = {
  "held-out": "with text of held-out files",
  evaluation: "with text of evaluation items",
  repository: "repeating training files of the repository",
};

/** How many documents were left out for which reason; reasons without any are not named. */
export function leftOutByReason(leftOut: readonly LeftOutReplay[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    overlapReasons
      .map((reason) => [reason, leftOut.filter((one) => one.reason === reason).length] as const)
      .filter(([, documents]) => documents > 0),
  );
}

const shownPaths = 3;

/** One sentence for people, or nothing when nothing was left out. */
export function leftOutNotes(leftOut: readonly LeftOutReplay[], documents: number): readonly string[] {
  if (leftOut.length === 0) return [];
  const counts = leftOutByReason(leftOut);
  const parts = Object.entries(counts).map(([reason, n]) => `${n} ${reasonWords[reason as OverlapReason]}`);
  const named = leftOut.slice(0, shownPaths).map(({ path, shared, runs }) => `${path} (${shared} of ${plural(runs, "run")} of 13 words)`);
  const more = leftOut.length > shownPaths ? ", …" : "";
  const verb = leftOut.length === 1 ? "is" : "are";
  return [
    `Of ${plural(documents, "replay document")}, ${count(leftOut.length)} ${verb} left out: ${parts.join(", ")}: ${named.join(", ")}${more}.`,
  ];
}
