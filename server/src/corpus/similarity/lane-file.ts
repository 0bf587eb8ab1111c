import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { explainWriteError } from "../../platform/atomic-write";

const memoryBytes = 4 << 20;
const windowBytes = 512 << 10;

/**
 * Numbers of 32 bits between two passes: the last ones in memory, the others in one file. Reading in the order of writing is the fast way.
 */
export class LaneFile {
  readonly #file: string;
  #descriptor: number | undefined;
  /** Numbers not yet in the file. */
  readonly #tail = new Uint32Array(memoryBytes / 4);
  #tailLength = 0;
  /** Numbers in the file. */
  #written = 0;
  #window = new Uint32Array(windowBytes / 4);
  #windowStart = 0;
  #windowLength = 0;

  /** @param file made when memory does not do, removed by `close` */
  constructor(file: string) {
    this.#file = file;
  }

  /** How many were appended. */
  get length(): number {
    return this.#written + this.#tailLength;
  }

  /** @throws MidtrainError (environment) when the file cannot be written. */
  append(numbers: Uint32Array): void {
    if (this.#tailLength + numbers.length > this.#tail.length) this.#flush();
    if (numbers.length > this.#tail.length) {
      this.#write(numbers);
      return;
    }
    this.#tail.set(numbers, this.#tailLength);
    this.#tailLength += numbers.length;
  }

  /** A stretch of what was appended at once; it holds until the next call. */
  read(start: number, count: number): Uint32Array {
    if (start >= this.#written) return this.#tail.subarray(start - this.#written, start - this.#written + count);
    const from = this.#load(start, count);
    return this.#window.subarray(from, from + count);
  }

  /** Removes the file; nothing can be read any more. */
  close(): void {
    if (this.#descriptor === undefined) return;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
    rmSync(this.#file, { force: true });
  }

  #flush(): void {
    this.#write(this.#tail.subarray(0, this.#tailLength));
    this.#tailLength = 0;
  }

  #write(numbers: Uint32Array): void {
    const data = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    try {
      this.#descriptor ??= openSync(this.#file, "wx+", 0o600);
      for (let done = 0; done < data.length;) done += writeSync(this.#descriptor, data, done, data.length - done, this.#written * 4 + done);
    } catch (error) {
      throw explainWriteError(error, this.#file);
    }
    this.#written += numbers.length;
  }

  /** Makes the window hold `count` numbers of the file from `start` on; returns where they begin in it. */
  #load(start: number, count: number): number {
    if (start >= this.#windowStart && start + count <= this.#windowStart + this.#windowLength) return start - this.#windowStart;
    if (this.#window.length < count) this.#window = new Uint32Array(count);
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
