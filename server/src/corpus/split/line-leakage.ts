import type { LineLeakage } from "@midtrain/protocol/corpus-check";
import { HashNumbers } from "../similarity/hash-numbers";
import { forEachLine } from "../similarity/line-hashes";

/** How much of the held-out text can be known by heart: only held-out lines are remembered, training is looked up. */
export class LeakedLines {
  readonly #numbers = new HashNumbers(1 << 14);
  readonly #occurrences: number[] = [];
  readonly #leaked = new Set<number>();

  /** All held-out texts come before the first of training. */
  addHeldOut(text: string): void {
    forEachLine(text, (high, low) => {
      const number = this.#numbers.numberOf(high, low);
      this.#occurrences[number] = (this.#occurrences[number] ?? 0) + 1;
    });
  }

  addTraining(text: string): void {
    forEachLine(text, (high, low) => {
      const number = this.#numbers.find(high, low);
      if (number >= 0) this.#leaked.add(number);
    });
  }

  figures(): LineLeakage {
    let [lines, verbatim] = [0, 0];
    this.#occurrences.forEach((times, number) => {
      lines += times;
      if (this.#leaked.has(number)) verbatim += times;
    });
    return { lines, verbatim };
  }
}
