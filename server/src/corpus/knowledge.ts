import { recurringHeaderFiles } from "./clean-file";
import { recurringKeys } from "./headers/licence-header";
import type { TextFacts } from "./reading/file-work";
import type { ValueKey } from "./reading/value-keys";

/** What the facts of all files together say, without a value. */
export interface SharedKnowledge {
  readonly placeholders: ReadonlyMap<ValueKey, string>;
  readonly recurring: ReadonlySet<string>;
  /** Keys of the values that are redacted wherever they stand. */
  readonly everywhere: ReadonlySet<ValueKey>;
}

/** @param files in path order. Pure. */
export function knowledgeOf(files: readonly TextFacts[]): SharedKnowledge {
  const everywhere = new Set<ValueKey>();
  for (const { findings } of files) for (const finding of findings) if (finding.everywhere) everywhere.add(finding.key);
  return { placeholders: numberValues(files), recurring: recurringOf(files), everywhere };
}

/** A value has one placeholder wherever it stands, `<SECRET:aws-access-key-1>`: numbered per rule in the order in which values are met. */
function numberValues(files: readonly TextFacts[]): Map<ValueKey, string> {
  const placeholders = new Map<ValueKey, string>();
  const numbers = new Map<string, number>();
  for (const { findings } of files) {
    for (const { key, rule, family } of findings) {
      if (placeholders.has(key)) continue;
      const number = (numbers.get(rule) ?? 0) + 1;
      numbers.set(rule, number);
      placeholders.set(key, `<${family.toUpperCase()}:${rule}-${number}>`);
    }
  }
  return placeholders;
}

/** Headers and blocks whose words open at least so many files say nothing about any of them. */
function recurringOf(files: readonly TextFacts[]): Set<string> {
  const counts = new Map<string, number>();
  for (const { header } of files) for (const key of recurringKeys(header)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return new Set([...counts].filter(([, count]) => count >= recurringHeaderFiles).map(([key]) => key));
}

function sameSets(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((one) => b.has(one));
}

/** Would a file with these facts be cleaned in the same way under both? Judged without its text, so an unsure answer is no. Pure. */
export function cleansAlike(before: SharedKnowledge, now: SharedKnowledge): (facts: TextFacts) => boolean {
  const sameEverywhere =
    sameSets(before.everywhere, now.everywhere) &&
    [...now.everywhere].every((key) => before.placeholders.get(key) === now.placeholders.get(key));
  // A value that is redacted wherever it stands may stand in any file.
  if (!sameEverywhere) return () => false;
  return ({ findings, header }) =>
    findings.every(({ key }) => before.placeholders.get(key) === now.placeholders.get(key)) &&
    recurringKeys(header).every((key) => before.recurring.has(key) === now.recurring.has(key));
}
