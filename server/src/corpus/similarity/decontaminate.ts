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

export interface Decontamination {
  /** Training documents with runs of held-out ones, the largest share first. Reported only: boilerplate that every file has is no leak, and near copies are on one side already. */
  readonly heldOut: readonly Contamination[];
  /** Documents with runs of evaluation items or replay texts, which are to be left out by the rule `evaluation-overlap`. */
  readonly evaluation: readonly Contamination[];
}

interface SidedText {
  readonly path: string;
  readonly split: "train" | "held-out" | "sealed";
  readonly text: string;
}

function contaminationOf(path: string, { grams, shared }: GramOverlap): Contamination[] {
  return shared === 0 ? [] : [{ path, grams, shared, share: shared / grams }];
}

function byShare(a: Contamination, b: Contamination): number {
  return b.share - a.share || (a.path < b.path ? -1 : 1);
}

/**
 * 13-word runs that documents share with what is measured: training with held-out documents, all documents with evaluation items.
 * Documents are read twice, one at a time; only the runs of the held-out ones (and of the items) are held in memory.
 * @param documents gives the documents anew at every call, such as `() => readDocuments(corpus)`
 * @param evaluation runs of evaluation items or replay texts, if any
 */
export async function decontaminate(
  documents: () => AsyncIterable<SidedText> | Iterable<SidedText>,
  evaluation?: GramIndex,
): Promise<Decontamination> {
  const heldOut = new GramIndex();
  for await (const { split, text } of documents()) if (split !== "train") heldOut.add(text);
  const found: { heldOut: Contamination[]; evaluation: Contamination[] } = { heldOut: [], evaluation: [] };
  for await (const { path, split, text } of documents()) {
    if (split === "train") found.heldOut.push(...contaminationOf(path, heldOut.overlap(text)));
    if (evaluation !== undefined) found.evaluation.push(...contaminationOf(path, evaluation.overlap(text)));
  }
  return { heldOut: found.heldOut.sort(byShare), evaluation: found.evaluation.sort(byShare) };
}
