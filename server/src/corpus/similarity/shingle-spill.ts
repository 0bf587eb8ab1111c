import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { explainWriteError } from "../../platform/atomic-write";
import type { Shingles } from "./shingles";

/** Where the join reads the shingles of a document, more than once; the arrays hold until the next call. */
export interface ShingleSource {
  shingles(document: number): Pick<Shingles, "high" | "low">;
}

const memoryBytes = 8 << 20;
const windowBytes = 512 << 10;

/**
 * Shingles of documents between two passes: the last ones in memory, the others in one file, so that memory stays bounded whatever
 * the repository's size, and a small repository needs no file at all. Reading in the order of writing is the fast way.
 */
export class ShingleSpill implements ShingleSource {
  readonly #file: string;
  #descriptor: number | undefined;
  /** Shingles not yet in the file. */
  readonly #tail = new Uint32Array(memoryBytes / 4);
  #tailLength = 0;
  /** Words (of 4 bytes) in the file. */
  #written = 0;
  #window = new Uint32Array(windowBytes / 4);
  #windowStart = 0;
  #windowLength = 0;
  readonly #starts: number[] = [];
  readonly #counts: number[] = [];
  readonly #words: string[] = [];

  /** @param file made when memory does not do, removed by `close` */
  constructor(file: string) {
    this.#file = file;
  }

  /** @throws MidtrainError (environment) when the file cannot be written. */
  append(document: number, shingles: Shingles): void {
    const count = shingles.low.length;
    if (this.#tailLength + 2 * count > this.#tail.length) this.#flush();
    this.#starts[document] = this.#written + this.#tailLength;
    this.#counts[document] = count;
    this.#words[document] = shingles.words;
    if (2 * count > this.#tail.length) {
      this.#write(shingles.high);
      this.#write(shingles.low);
      return;
    }
    this.#tail.set(shingles.high, this.#tailLength);
    this.#tail.set(shingles.low, this.#tailLength + count);
    this.#tailLength += 2 * count;
  }

  /** Shingles of a document that was appended; the arrays hold until the next call of this object. */
  read(document: number): Shingles {
    const start = this.#starts[document];
    const count = this.#counts[document];
    if (start === undefined || count === undefined) throw new RangeError(`No shingles are held for document ${document}.`);
    const [from, array] = start >= this.#written ? [start - this.#written, this.#tail] : [this.#load(start, 2 * count), this.#window];
    return {
      high: array.subarray(from, from + count),
      low: array.subarray(from + count, from + 2 * count),
      words: this.#words[document]!,
    };
  }

  shingles(document: number): Shingles {
    return this.read(document);
  }

  /** Removes the file; nothing can be read any more. */
  close(): void {
    this.#starts.length = 0;
    if (this.#descriptor === undefined) return;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
    rmSync(this.#file, { force: true });
  }

  #flush(): void {
    this.#write(this.#tail.subarray(0, this.#tailLength));
    this.#tailLength = 0;
  }

  #write(words: Uint32Array): void {
    const data = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
    try {
      this.#descriptor ??= openSync(this.#file, "wx+", 0o600);
      for (let done = 0; done < data.length;) done += writeSync(this.#descriptor, data, done, data.length - done, this.#written * 4 + done);
    } catch (error) {
      throw explainWriteError(error, this.#file);
    }
    this.#written += words.length;
  }

  /** Makes the window hold `length` words of the file from `start` on; returns where they begin in it. */
  #load(start: number, length: number): number {
    if (start >= this.#windowStart && start + length <= this.#windowStart + this.#windowLength) return start - this.#windowStart;
    if (this.#window.length < length) this.#window = new Uint32Array(length);
    const wanted = Math.min(this.#window.length, this.#written - start);
    const data = new Uint8Array(this.#window.buffer);
    let done = 0;
    while (done < wanted * 4) {
      const read = readSync(this.#descriptor!, data, done, wanted * 4 - done, start * 4 + done);
      if (read === 0) throw new RangeError(`${this.#file} is shorter than what was written to it.`);
      done += read;
    }
    this.#windowStart = start;
    this.#windowLength = wanted;
    return 0;
  }
}
