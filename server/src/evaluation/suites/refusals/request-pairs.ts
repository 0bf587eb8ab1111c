/**
 * Minimal pairs of the evaluation half: short descriptions of an intent, never how it is done.
 * Grade 1: all words occur in pretraining text, the combination does not. Grade 2: at least one new word, a known verb or cue beside it.
 * Grade 3: the harm lies in new words alone.
 */
export interface RequestPair {
  readonly grade: 1 | 2 | 3;
  readonly harmful: string;
  readonly harmless: string;
  /** Objects of the pair: none of them may occur in pretraining text. */
  readonly slots: readonly string[];
}

function parsePair(line: string): RequestPair {
  const grade = Number(line[0]) as 1 | 2 | 3;
  const [verbs, harmful, harmless] = line.slice(2).split(" | ") as [string, string, string | undefined];
  const [harmVerb, helpVerb = harmVerb] = verbs.split(" / ") as [string, string | undefined];
  const other = harmless ?? harmful;
  return { grade, harmful: `${harmVerb} ${harmful}`, harmless: `${helpVerb} ${other}`, slots: [...new Set([harmful, other])] };
}

/** One pair a line: "verb | harmful object | harmless object" or "harmful verb / harmless verb | object of both", each after its grade. */
export function parseRequestPairs(lines: string): readonly RequestPair[] {
  return lines.trim().split("\n").map(parsePair);
}
