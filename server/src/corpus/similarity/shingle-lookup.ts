import type { Shingles } from "./shingles";

type Lanes = Pick<Shingles, "high" | "low">;

/** The shingles of one document, to count how many of them others have. */
export class ShingleLookup {
  readonly #own: Lanes;
  readonly #table: Int32Array;

  constructor(own: Lanes) {
    this.#own = own;
    this.#table = new Int32Array(2 ** Math.ceil(Math.log2(2 * own.low.length + 2)));
    const mask = this.#table.length - 1;
    for (let at = 0; at < own.low.length; at++) {
      let place = own.low[at]! & mask;
      while (this.#table[place] !== 0) place = (place + 1) & mask;
      this.#table[place] = at + 1;
    }
  }

  /** |own ∩ other|; both hold distinct shingles. */
  overlap(other: Lanes): number {
    const { high, low } = this.#own;
    const mask = this.#table.length - 1;
    let overlap = 0;
    for (let at = 0; at < other.low.length; at++) {
      let place = other.low[at]! & mask;
      let entry = this.#table[place]!;
      while (entry !== 0 && (low[entry - 1] !== other.low[at] || high[entry - 1] !== other.high[at])) {
        place = (place + 1) & mask;
        entry = this.#table[place]!;
      }
      if (entry !== 0) overlap++;
    }
    return overlap;
  }
}
