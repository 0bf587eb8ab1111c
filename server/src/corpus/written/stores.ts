import { closeSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { explainWriteError } from "../../platform/atomic-write";

/** Raw contents between reading and cleaning: in memory up to a budget, read again beyond it. Raw content is never written anywhere. */
export class ContentStore {
  readonly #contents = new Map<number, Buffer>();
  #left: number;
  readonly #readAgain: (file: number) => Buffer | undefined;

  constructor(budgetBytes: number, readAgain: (file: number) => Buffer | undefined) {
    this.#left = budgetBytes;
    this.#readAgain = readAgain;
  }

  put(file: number, content: Buffer): void {
    if (content.length > this.#left) return;
    this.#left -= content.length;
    this.#contents.set(file, content);
  }

  /** The content, or undefined when it had to be read again and is no longer what it was. */
  get(file: number): Buffer | undefined {
    return this.#contents.get(file) ?? this.#readAgain(file);
  }

  drop(file: number): void {
    const content = this.#contents.get(file);
    if (content === undefined) return;
    this.#contents.delete(file);
    this.#left += content.length;
  }
}

/** Cleaned texts between cleaning and writing: in memory up to a budget, beyond it in one file beside the corpus that is being made. */
export class TextStore {
  readonly #texts = new Map<number, Buffer>();
  readonly #places = new Map<number, { readonly offset: number; readonly length: number }>();
  readonly #file: string;
  #descriptor: number | undefined;
  #end = 0;
  #left: number;

  constructor(budgetBytes: number, spillFile: string) {
    this.#left = budgetBytes;
    this.#file = spillFile;
  }

  put(document: number, text: string): void {
    const bytes = Buffer.from(text, "utf8");
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

  get(document: number): string {
    const held = this.#texts.get(document);
    if (held !== undefined) return held.toString("utf8");
    const place = this.#places.get(document);
    if (place === undefined || this.#descriptor === undefined) throw new RangeError(`No text is held for document ${document}.`);
    const bytes = Buffer.allocUnsafe(place.length);
    for (let read = 0; read < place.length;) read += readSync(this.#descriptor, bytes, read, place.length - read, place.offset + read);
    return bytes.toString("utf8");
  }

  close(): void {
    this.#texts.clear();
    if (this.#descriptor === undefined) return;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
    unlinkSync(this.#file);
  }
}
