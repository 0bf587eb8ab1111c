import type { Shingles } from "./shingles";

/**
 * MinHash in bands (Broder 1997; Indyk and Motwani 1998): documents whose minima agree in all rows of at least one band are candidates.
 * 52 bands of 3 rows make a pair a candidate with 1 - (1 - J^3)^52: 0.999 at J = 0.5 (the split), above 0.999999999 at 0.7 (duplicates).
 */
export const lshBands = 52;
const rows = 3;
const hashes = lshBands * rows;

/** The chance that a pair of this likeness becomes a candidate. */
export function candidateProbability(jaccard: number): number {
  return 1 - (1 - jaccard ** rows) ** lshBands;
}

/** Mixes all bits into all bits (the finisher of MurmurHash3). */
function mix(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** Multiply-shift (Dietzfelbinger 1997) with fixed pseudo-random odd factors and offsets: what is found does not depend on the run. */
const factors = Int32Array.from({ length: hashes }, (_, at) => mix(2 * at + 1) | 1);
const offsets = Int32Array.from({ length: hashes }, (_, at) => mix(0x9e3779b9 + at));

/** Bytes kept of every minimum: enough to tell likely pairs from unlikely ones before their shingles are read. */
export const sketchBytes = hashes;

/** Minima of one document after another. */
export class MinHashes {
  readonly #minima = new Int32Array(hashes);

  /** @param shingles at least one */
  take({ high, low }: Pick<Shingles, "high" | "low">): void {
    const minima = this.#minima.fill(0x7fffffff);
    for (let at = 0; at < low.length; at++) {
      const shingle = low[at]! ^ Math.imul(high[at]!, 0x9e3779b1);
      for (let hash = 0; hash < hashes; hash++) {
        const value = Math.imul(shingle + offsets[hash]!, factors[hash]!);
        if (value < minima[hash]!) minima[hash] = value;
      }
    }
  }

  /** 32 bits of the minima of a band: two documents that agree in them have equal ones. */
  bandKey(band: number): number {
    let key = band;
    for (let row = 0; row < rows; row++) key = mix(key ^ this.#minima[band * rows + row]!);
    return key >>> 0;
  }

  /** The highest bits of a minimum are small for every large document: a mixed byte tells them apart. */
  sketch(into: Uint8Array, start: number): void {
    for (let hash = 0; hash < hashes; hash++) into[start + hash] = mix(this.#minima[hash]!);
  }
}

/**
 * Fewest equal sketch bytes of a pair that is worth verifying: five standard deviations below what a pair of this likeness has, so that one
 * in three million is lost.
 */
export function fewestEqualBytes(jaccard: number): number {
  const equal = jaccard + (1 - jaccard) / 256;
  return Math.floor(hashes * equal - 5 * Math.sqrt(hashes * equal * (1 - equal)));
}
