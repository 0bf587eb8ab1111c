import { HashNumbers } from "./hash-numbers";
import { gramsOf, shinglesOf } from "./shingles";

/** Words of a run that is no coincidence, as for `GramIndex`. */
const runWords = 13;

/**
 * Which 13-word runs of some texts (a replay source) occur in others (held-out files, evaluation items, the repository). The others are
 * streamed past: memory is that of the judged texts, whatever they are compared with. A text of fewer words counts as one run.
 */
export class RunMarks {
  readonly #numbers = new HashNumbers(1 << 14);
  readonly #short = new Map<string, number>();
  #marks = new Uint8Array(1 << 14);

  /** A text that will be judged; all of them come before the first `mark`. */
  add(text: string): void {
    const { high, low } = gramsOf(text, runWords);
    for (let at = 0; at < low.length; at++) this.#numbers.numberOf(high[at]!, low[at]!);
    if (low.length === 0) this.#short.set(shinglesOf(text).words, 0);
    if (this.#numbers.count > this.#marks.length) this.#marks = new Uint8Array(2 ** Math.ceil(Math.log2(this.#numbers.count)));
  }

  /** @param flag bits that the runs of this text get */
  mark(text: string, flag: number): void {
    const { high, low } = gramsOf(text, runWords);
    for (let at = 0; at < low.length; at++) {
      const number = this.#numbers.find(high[at]!, low[at]!);
      if (number >= 0) this.#marks[number]! |= flag;
    }
    if (low.length > 0 || this.#short.size === 0) return;
    const { words } = shinglesOf(text);
    const known = this.#short.get(words);
    if (known !== undefined) this.#short.set(words, known | flag);
  }

  /** Distinct runs of a judged text, and how many of them carry each of the flags. */
  of(text: string, flags: readonly number[]): { readonly runs: number; readonly marked: readonly number[] } {
    const { high, low } = gramsOf(text, runWords);
    if (low.length === 0) {
      const { words } = shinglesOf(text);
      const marks = words.startsWith("0:") ? 0 : (this.#short.get(words) ?? 0);
      return { runs: 1, marked: flags.map((flag) => ((marks & flag) === 0 ? 0 : 1)) };
    }
    const marked = flags.map(() => 0);
    for (let at = 0; at < low.length; at++) {
      const marks = this.#marks[this.#numbers.find(high[at]!, low[at]!)]!;
      for (const [index, flag] of flags.entries()) if ((marks & flag) !== 0) marked[index]!++;
    }
    return { runs: low.length, marked };
  }
}
