import { HashNumbers } from "./hash-numbers";
import { gramsOf } from "./shingles";

/** Words of a run that is no coincidence (Brown 2020 and most after it). */
const gramWords = 13;

/** 64-bit hashes of the 13-word runs of some texts: held-out documents, evaluation items, a replay source. Words as for shingles. */
export class GramIndex {
  readonly #numbers = new HashNumbers(1 << 14);
  #tooShort = 0;

  add(text: string): void {
    const { high, low } = gramsOf(text, gramWords);
    if (low.length === 0) this.#tooShort++;
    for (let at = 0; at < low.length; at++) this.#numbers.numberOf(high[at]!, low[at]!);
  }

  /** Distinct runs. */
  get grams(): number {
    return this.#numbers.count;
  }

  /** Texts of fewer than 13 words, which cannot be found. */
  get tooShort(): number {
    return this.#tooShort;
  }

  /** Distinct runs of a text, and how many of them are here. */
  overlap(text: string): GramOverlap {
    const { high, low } = gramsOf(text, gramWords);
    let shared = 0;
    for (let at = 0; at < low.length; at++) if (this.#numbers.find(high[at]!, low[at]!) >= 0) shared++;
    return { grams: low.length, shared };
  }
}

export interface GramOverlap {
  readonly grams: number;
  readonly shared: number;
}

/** A document that shares 13-word runs with texts that it should not know. */
export interface Contamination extends GramOverlap {
  readonly path: string;
  /** shared / grams */
  readonly share: number;
}

/** Training documents with 13-word runs of held-out ones: only the runs of the held-out documents are held in memory. */
export class HeldOutRuns {
  readonly #held = new GramIndex();
  readonly #found: Contamination[] = [];

  /** All held-out texts come before the first of training. */
  addHeldOut(text: string): void {
    this.#held.add(text);
  }

  addTraining(path: string, text: string): void {
    const { grams, shared } = this.#held.overlap(text);
    if (shared > 0) this.#found.push({ path, grams, shared, share: shared / grams });
  }

  /** The largest share first. Reported only: boilerplate that every file has is no leak, and near copies are on one side already. */
  found(): readonly Contamination[] {
    return [...this.#found].sort((a, b) => b.share - a.share || (a.path < b.path ? -1 : 1));
  }
}
