import { closeSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { explainWriteError } from "../../platform/atomic-write";

/** Texts (as bytes) between cleaning and writing: in memory up to a budget, beyond it in one file beside the corpus that is being made. */
export class TextStore {
  readonly #texts = new Map<number, Uint8Array>();
  readonly #places = new Map<number, { readonly offset: number; readonly length: number }>();
  readonly #file: string;
  #descriptor: number | undefined;
  #end = 0;
  #left: number;

  constructor(budgetBytes: number, spillFile: string) {
    this.#left = budgetBytes;
    this.#file = spillFile;
  }

  put(document: number, bytes: Uint8Array): void {
    if (bytes.length <= this.#left) {
      this.#left -= bytes.length;
      this.#texts.set(document, bytes);
      return;
    }
    try {
      this.#descriptor ??= openSync(this.#file, "wx+", 0o600);
      for (let written = 0; written < bytes.length;)
        written += writeSync(this.#descriptor, bytes, written, bytes.length - written, this.#end + written);
    } catch (error) {
      throw explainWriteError(error, this.#file);
    }
    this.#places.set(document, { offset: this.#end, length: bytes.length });
    this.#end += bytes.length;
  }

  get(document: number): Uint8Array {
    const held = this.#texts.get(document);
    if (held !== undefined) return held;
    const place = this.#places.get(document);
    if (place === undefined || this.#descriptor === undefined) throw new RangeError(`No text is held for document ${document}.`);
    const bytes = Buffer.allocUnsafe(place.length);
    for (let read = 0; read < place.length;) read += readSync(this.#descriptor, bytes, read, place.length - read, place.offset + read);
    return bytes;
  }

  close(): void {
    this.#texts.clear();
    if (this.#descriptor === undefined) return;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
    unlinkSync(this.#file);
  }
}
