/** How far a completion follows the file it was cut from. Pure. */
interface Agreement {
  readonly same: string;
  readonly rest: string;
  /** Words for the reader: nothing, part, or all of the expected text. */
  readonly words: string;
}

export function agreement(expected: string, given: string): Agreement {
  let length = 0;
  while (length < expected.length && length < given.length && expected[length] === given[length]) length++;
  const same = given.slice(0, length);
  return { same, rest: given.slice(length), words: wordsOf(length, expected.length) };
}

function wordsOf(same: number, all: number): string {
  if (all > 0 && same >= all) return "as in the file";
  if (same === 0) return "differs from the first character";
  return `first ${same} of ${all} characters as in the file`;
}
