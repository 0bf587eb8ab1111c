import { recurringHeaderFiles } from "./clean-file";
import { blockKeys, dependsOnOthers, findingKinds } from "./incremental/lazy-record";
import type { CleanRecord } from "./incremental/file-record";
import type { SeenFinding, TextFacts } from "./reading/file-work";
import type { ValueKey } from "./reading/value-keys";
import { Placeholders } from "./sensitive/placeholders";

/** A text and where it lies. */
interface SeenText {
  readonly file: { readonly path: string };
  readonly facts: TextFacts;
}

/** What the facts of all files together say, without a value. */
export interface SharedKnowledge {
  readonly placeholders: ReadonlyMap<ValueKey, string>;
  readonly recurring: ReadonlySet<string>;
  /** Values that are redacted wherever they stand, each called what it was called first. */
  readonly everywhere: ReadonlyMap<ValueKey, ValueKind>;
}

type ValueKind = Pick<SeenFinding, "rule" | "family">;

/** @param files in path order. Pure. */
export function knowledgeOf(files: readonly SeenText[]): SharedKnowledge {
  const kinds = new Map<ValueKey, ValueKind>();
  const everywhere = new Map<ValueKey, ValueKind>();
  const placeholders = new Placeholders();
  for (const { file, facts } of files) {
    const findings = findingKinds(facts);
    if (findings.length === 0) continue;
    for (const { key, rule, family } of findings) {
      placeholders.of(key, { rule, family }, file.path);
      if (!kinds.has(key)) kinds.set(key, { rule, family });
    }
    for (const finding of findings) if (finding.everywhere) everywhere.set(finding.key, kinds.get(finding.key)!);
  }
  return { placeholders: placeholders.all, recurring: recurringOf(files), everywhere };
}

/** Headers and blocks whose words open at least so many files say nothing about any of them. */
function recurringOf(files: readonly SeenText[]): Set<string> {
  const frequent = frequentKeys(files, () => true);
  // Copies of one file are one file: what only they share is content. Only files with a frequent key can matter.
  const blobs = new Set<string>();
  return frequentKeys(files, ({ blob }, keys) => {
    if (blobs.has(blob) || !keys.some((key) => frequent.has(key))) return false;
    blobs.add(blob);
    return true;
  });
}

/** Keys that at least so many of the counted files have. */
function frequentKeys(files: readonly SeenText[], counts: (facts: TextFacts, keys: readonly string[]) => boolean): Set<string> {
  const times = new Map<string, number>();
  for (const { facts } of files) {
    const keys = blockKeys(facts);
    if (keys.length === 0 || !counts(facts, keys)) continue;
    for (const key of keys) times.set(key, (times.get(key) ?? 0) + 1);
  }
  return new Set([...times].filter(([, count]) => count >= recurringHeaderFiles).map(([key]) => key));
}

/** What differs between what all files show now and what they showed before, as far as a file that stayed as it was may hold it. */
export interface KnowledgeChange {
  /** Values that are redacted wherever they stand, and were not: they may stand in any file. */
  readonly gained: ReadonlySet<ValueKey>;
  /** Is a file with these facts certainly cleaned to the outcome that it had, as far as none of the gained values stands in it? */
  readonly staysAsCleaned: (facts: TextFacts, cleaned: CleanRecord) => boolean;
}

/**
 * A span may be named after a value that is redacted everywhere while its text is a longer one, and a text that is no value has a placeholder of its
 * own: so where values came, went or are called otherwise, every file that depends on others is asked again. Pure.
 */
export function knowledgeChange(before: SharedKnowledge, now: SharedKnowledge): KnowledgeChange {
  const isOther = (one: ReadonlySet<string>, other: ReadonlySet<string>): string[] => [...one].filter((key) => !other.has(key));
  const recurring = new Set([...isOther(before.recurring, now.recurring), ...isOther(now.recurring, before.recurring)]);
  const renamed = new Set<ValueKey>();
  for (const [key, placeholder] of before.placeholders) if (now.placeholders.get(key) !== placeholder) renamed.add(key);
  const isSame = renamed.size === 0 && before.placeholders.size === now.placeholders.size;
  const gained = new Set([...now.everywhere.keys()].filter((key) => !before.everywhere.has(key)));
  const sameEverywhere =
    gained.size === 0 &&
    before.everywhere.size === now.everywhere.size &&
    [...before.everywhere].every(([key, { rule }]) => !renamed.has(key) && now.everywhere.get(key)?.rule === rule);
  const sameValues = isSame && sameEverywhere;
  const staysAsCleaned = (facts: TextFacts, cleaned: CleanRecord): boolean => {
    if (sameValues && recurring.size === 0) return true;
    if (cleaned.kind === "reject") return false;
    if (!sameValues && dependsOnOthers(facts, cleaned)) return false;
    return !findingKinds(facts).some(({ key }) => renamed.has(key)) && !blockKeys(facts).some((key) => recurring.has(key));
  };
  return { gained, staysAsCleaned };
}
