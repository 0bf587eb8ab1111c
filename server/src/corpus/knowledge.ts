import { recurringHeaderFiles } from "./clean-file";
import { recurringKeys } from "./headers/licence-header";
import type { SeenFinding, TextFacts } from "./reading/file-work";
import type { ValueKey } from "./reading/value-keys";
import { Placeholders } from "./sensitive/placeholders";

/** What the facts of all files together say, without a value. */
export interface SharedKnowledge {
  readonly placeholders: ReadonlyMap<ValueKey, string>;
  readonly recurring: ReadonlySet<string>;
  /** Values that are redacted wherever they stand, each called what it was called first. */
  readonly everywhere: ReadonlyMap<ValueKey, ValueKind>;
}

type ValueKind = Pick<SeenFinding, "rule" | "family">;

/** @param files in path order. Pure. */
export function knowledgeOf(files: readonly TextFacts[]): SharedKnowledge {
  const kinds = new Map<ValueKey, ValueKind>();
  const everywhere = new Map<ValueKey, ValueKind>();
  const placeholders = new Placeholders();
  for (const { findings } of files) {
    for (const { key, rule, family } of findings) {
      placeholders.of(key, { rule, family });
      if (!kinds.has(key)) kinds.set(key, { rule, family });
    }
    for (const finding of findings) if (finding.everywhere) everywhere.set(finding.key, kinds.get(finding.key)!);
  }
  return { placeholders: placeholders.all, recurring: recurringOf(files), everywhere };
}

/** Headers and blocks whose words open at least so many files say nothing about any of them. */
function recurringOf(files: readonly TextFacts[]): Set<string> {
  const counts = new Map<string, number>();
  // Copies of one file are one file: what only they share is content.
  const blobs = new Set<string>();
  for (const { header, blob } of files) {
    const keys = recurringKeys(header);
    if (keys.length === 0 || blobs.has(blob)) continue;
    blobs.add(blob);
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count >= recurringHeaderFiles).map(([key]) => key));
}

/** Would a file with these facts be cleaned in the same way under both? Judged without its text, so an unsure answer is no. Pure. */
export function cleansAlike(before: SharedKnowledge, now: SharedKnowledge): (facts: TextFacts) => boolean {
  const sameEverywhere =
    before.everywhere.size === now.everywhere.size &&
    [...now.everywhere.keys()].every((key) => before.everywhere.has(key) && before.placeholders.get(key) === now.placeholders.get(key));
  // A value that is redacted wherever it stands may stand in any file.
  if (!sameEverywhere) return () => false;
  return ({ findings, header }) =>
    findings.every(({ key }) => before.placeholders.get(key) === now.placeholders.get(key)) &&
    recurringKeys(header).every((key) => before.recurring.has(key) === now.recurring.has(key));
}
