import { textKernel, type WordRuns } from "../kernel/text-kernel";

/** 64-bit hashes of the distinct 5-word shingles of a text, as two parallel 32-bit lanes, in the order of their first occurrence. */
export interface Shingles {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
  /** Fingerprint of the sequence of words: texts that differ in white space only have equal ones. */
  readonly words: string;
}

const shingleWords = 5;

function fingerprint({ words, print }: WordRuns): string {
  return `${words}:${BigInt.asUintN(64, print).toString(36)}`;
}

/** Shingles of the text that the kernel of this thread holds. The arrays hold until the kernel is used again. */
export function heldShingles(): Shingles {
  const runs = textKernel().runs(shingleWords, true);
  return { high: runs.high, low: runs.low, words: fingerprint(runs) };
}

/**
 * Distinct shingles of a text: words are maximal runs of [\p{L}\p{N}_], case kept; a text of one to four words is one shingle; without words there is none.
 * The arrays are the caller's own.
 */
export function shinglesOf(text: string): Shingles {
  textKernel().loadText(text);
  const { high, low, words } = heldShingles();
  return { high: high.slice(), low: low.slice(), words };
}

/** Distinct runs of `width` words of a text, hashed like its shingles; a text of fewer words has none. The arrays are the caller's own. */
export function gramsOf(text: string, width: number): Pick<Shingles, "high" | "low"> {
  const kernel = textKernel();
  kernel.loadText(text);
  const { high, low } = kernel.runs(width, false);
  return { high: high.slice(), low: low.slice() };
}
