import { closeSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { explainWriteError } from "../../platform/atomic-write";

type Chunk =
  { readonly kind: "memory"; readonly bytes: Uint8Array } | { readonly kind: "file"; readonly offset: number } | { readonly kind: "open" };

interface Place {
  readonly chunk: number;
  readonly start: number;
  readonly length: number;
}

const chunkBytes = 4 << 20;

/**
 * Texts (as bytes) between cleaning and writing, in chunks: in memory up to a budget, beyond it in one file beside the corpus that is being made.
 * A small text is copied, so that it holds nothing else alive.
 */
export class TextStore {
  readonly #file: string;
  readonly #chunks: Chunk[] = [];
  readonly #places = new Map<number, Place>();
  #open = Buffer.alloc(0);
  /** For what is read from the file. */
  #room = Buffer.alloc(0);
  #filled = 0;
  #descriptor: number | undefined;
  #end = 0;
  #left: number;

  constructor(budgetBytes: number, spillFile: string) {
    this.#left = budgetBytes;
    this.#file = spillFile;
  }

  /** @throws MidtrainError (environment) when the file cannot be written. */
  put(document: number, bytes: Uint8Array): void {
    if (this.#filled + bytes.length > this.#open.length) {
      this.#seal();
      this.#chunks.push({ kind: "open" });
      if (this.#open.length !== chunkBytes || bytes.length > chunkBytes)
        this.#open = Buffer.allocUnsafeSlow(Math.max(chunkBytes, bytes.length));
    }
    this.#open.set(bytes, this.#filled);
    this.#places.set(document, { chunk: this.#chunks.length - 1, start: this.#filled, length: bytes.length });
    this.#filled += bytes.length;
  }

  /** The bytes hold until the next call. */
  get(document: number): Uint8Array {
    const place = this.#places.get(document);
    const chunk = place && this.#chunks[place.chunk];
    if (place === undefined || chunk === undefined) throw new RangeError(`No text is held for document ${document}.`);
    const { start, length } = place;
    if (chunk.kind === "open") return this.#open.subarray(start, start + length);
    return chunk.kind === "memory" ? chunk.bytes.subarray(start, start + length) : this.#read(chunk.offset + start, length);
  }

  close(): void {
    this.#places.clear();
    this.#chunks.length = 0;
    this.#open = Buffer.alloc(0);
    if (this.#descriptor === undefined) return;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
    unlinkSync(this.#file);
  }

  #read(offset: number, length: number): Uint8Array {
    if (length > this.#room.length) this.#room = Buffer.allocUnsafeSlow(2 * length);
    const bytes = this.#room.subarray(0, length);
    for (let read = 0; read < length;) read += readSync(this.#descriptor!, bytes, read, length - read, offset + read);
    return bytes;
  }

  /** Ends the open chunk: it stays in memory, or goes into the file. */
  #seal(): void {
    if (this.#chunks.length === 0) return;
    const bytes = this.#open.subarray(0, this.#filled);
    const isHeld = this.#open.length <= this.#left;
    if (isHeld) {
      this.#left -= this.#open.length;
      this.#open = Buffer.alloc(0);
    }
    this.#chunks[this.#chunks.length - 1] = isHeld ? { kind: "memory", bytes } : { kind: "file", offset: this.#write(bytes) };
    this.#filled = 0;
  }

  #write(bytes: Uint8Array): number {
    const offset = this.#end;
    try {
      this.#descriptor ??= openSync(this.#file, "wx+", 0o600);
      for (let written = 0; written < bytes.length;)
        written += writeSync(this.#descriptor, bytes, written, bytes.length - written, offset + written);
    } catch (error) {
      throw explainWriteError(error, this.#file);
    }
    this.#end += bytes.length;
    return offset;
  }
}
