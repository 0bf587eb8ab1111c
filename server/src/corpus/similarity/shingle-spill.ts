import { LaneFile } from "./lane-file";
import type { Shingles } from "./shingles";

/** Where the join reads the shingles of a document, more than once; the arrays hold until the next call. */
export interface ShingleSource {
  shingles(document: number): Pick<Shingles, "high" | "low">;
  /** The low lane alone, where that is less work. */
  low?(document: number): Uint32Array;
}

/** The low lane of a document's shingles: most passes ask for no more. It holds until the next call. */
export function lowLane(source: ShingleSource, document: number): Uint32Array {
  return source.low === undefined ? source.shingles(document).low : source.low(document);
}

/**
 * Shingles of documents between two passes, each lane in a file of its own, so that memory stays bounded whatever the repository's size, and
 * a small repository needs no file at all.
 */
export class ShingleSpill implements ShingleSource {
  readonly #high: LaneFile;
  readonly #low: LaneFile;
  readonly #starts: number[] = [];
  readonly #counts: number[] = [];
  readonly #words: string[] = [];

  /** @param file made, with another one beside it, when memory does not do; removed by `close` */
  constructor(file: string) {
    this.#high = new LaneFile(`${file}-high`);
    this.#low = new LaneFile(file);
  }

  /** @throws MidtrainError (environment) when a file cannot be written. */
  append(document: number, shingles: Shingles): void {
    this.#starts[document] = this.#low.length;
    this.#counts[document] = shingles.low.length;
    this.#words[document] = shingles.words;
    this.#high.append(shingles.high);
    this.#low.append(shingles.low);
  }

  /** Shingles of a document that was appended; the arrays hold until the next call of this object. */
  read(document: number): Shingles {
    return { ...this.shingles(document), words: this.#words[document]! };
  }

  shingles(document: number): Pick<Shingles, "high" | "low"> {
    const { start, count } = this.#place(document);
    return { high: this.#high.read(start, count), low: this.#low.read(start, count) };
  }

  low(document: number): Uint32Array {
    const { start, count } = this.#place(document);
    return this.#low.read(start, count);
  }

  /** Removes the files; nothing can be read any more. */
  close(): void {
    this.#starts.length = 0;
    this.#high.close();
    this.#low.close();
  }

  #place(document: number): { start: number; count: number } {
    const start = this.#starts[document];
    const count = this.#counts[document];
    if (start === undefined || count === undefined) throw new RangeError(`No shingles are held for document ${document}.`);
    return { start, count };
  }
}
