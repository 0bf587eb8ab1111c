/** Other spellings of a name that the repository has: the same words in another case or with other separators. Pure. */
import type { TermFigures } from "@midtrain/protocol/tokens";

/** `retryQueueDepth`, `retry_queue_depth` and `RetryQueueDepth` share a key. */
export function spellingKey(term: string): string {
  return term
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1_$2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1_$2")
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .join(" ")
    .toLowerCase();
}

/** Kinds that a language's own rename knows; a path or a key is found by its text elsewhere. */
const renamable: readonly TermFigures["kind"][] = ["identifier", "type", "constant", "api-name"];

export type Spellings = ReadonlyMap<string, readonly TermFigures[]>;

export function indexSpellings(terms: Iterable<TermFigures>): Spellings {
  const index = new Map<string, TermFigures[]>();
  for (const figures of terms) {
    const key = spellingKey(figures.term);
    const known = index.get(key);
    if (known === undefined) index.set(key, [figures]);
    else known.push(figures);
  }
  return index;
}

/**
 * The cheapest other spelling of the same kind that takes fewer tokens alone and after a space.
 * Only one that exists in the repository: an invented name costs its readers more than it saves tokens.
 */
export function cheaperSpelling(index: Spellings, term: string): TermFigures | undefined {
  const group = index.get(spellingKey(term)) ?? [];
  const own = group.find((figures) => figures.term === term);
  if (own === undefined || !renamable.includes(own.kind)) return undefined;
  return group
    .filter(({ kind, isolated, afterSpace }) => kind === own.kind && isolated < own.isolated && afterSpace < own.afterSpace)
    .sort((a, b) => a.isolated - b.isolated || b.count - a.count || (a.term < b.term ? -1 : 1))[0];
}
