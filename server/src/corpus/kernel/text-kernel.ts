import { textKernelModule } from "../../../../.cache/text-kernel.mjs";

/** Of the API of WebAssembly, which the types of Node leave out, what is used here. */
interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => Memory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: { readonly env: { readonly memory: Memory } }) => { readonly exports: object };
};

interface Exports {
  markWords(text: number, length: number, marks: number, table: number): number;
  hashWords(text: number, length: number, marks: number, hashes: number): bigint;
  rollShingles(hashes: number, words: number, width: number, places: number, mask: number, high: number, low: number): number;
  jsonLength(text: number, length: number, escapes: number): number;
  measure(text: number, length: number, longLine: number, out: number): void;
  findWindows(text: number, from: number, end: number, classes: number, lists: number, out: number): number;
  findRuns(text: number, length: number, out: number): number;
  writeJson(text: number, length: number, escapes: number, out: number): number;
  deflate(text: number, length: number, work: number, out: number): number;
  prepareCrc(table: number): void;
  crc32(text: number, length: number, table: number): number;
}

const page = 1 << 16;
/** Fixed places: what is written for each ASCII byte in JSON, then a bit for each code point that belongs to words, then the text. */
const escapesAt = 1024;
const tableAt = 4096;
const longestEscape = 6;
const lastWordPlane = 0x40000;
const classesAt = tableAt + lastWordPlane / 8;
const listsAt = classesAt + 256;
const crcTableAt = listsAt + 2 * 32_768;
/** What `deflate` works in and keeps from call to call: no less than the source says. */
const deflateAt = crcTableAt + 16 * 256 * 4;
const textAt = deflateAt + 256 * 1024;
/** Stretches of 64 bytes are read whole, and one more. */
const behindText = 192;
/** Memory never shrinks: a kernel that a very large text made larger than this is given up after it. */
const largestKept = 8 << 20;

const aligned = (place: number): number => Math.ceil(place / 64) * 64;

function escapeTable(): Uint8Array {
  const table = new Uint8Array(128 * 8);
  for (let code = 0; code < 128; code++) {
    const escape = Buffer.from(JSON.stringify(String.fromCharCode(code)).slice(1, -1));
    table.set(escape, code * 8);
    table[code * 8 + 7] = escape.length;
  }
  return table;
}

let compiled: object | undefined;
let wideWords: Uint8Array | undefined;

/** A bit for each code point beyond ASCII that belongs to words. The planes behind have none. */
function wideTable(): Uint8Array {
  if (wideWords !== undefined) return wideWords;
  const table = new Uint8Array(lastWordPlane / 8);
  const isWord = /[\p{L}\p{N}]/u;
  for (let point = 128; point < lastWordPlane; point++)
    if ((point < 0xd800 || point > 0xdfff) && isWord.test(String.fromCodePoint(point))) table[point >> 3]! |= 1 << (point & 7);
  wideWords = table;
  return table;
}

/** Distinct runs of words: their 64-bit hashes in two lanes, in the order of their first occurrence. */
export interface WordRuns {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
  /** Words of the text. */
  readonly words: number;
  /** Fingerprint of their sequence. */
  readonly print: bigint;
}

/** What `findWindows` looks for: a class of 5 bits for each byte, a number for each three classes, 0 for none. */
export interface Windows {
  readonly classes: Uint8Array;
  readonly lists: Uint16Array;
}

/** Raw deflate (RFC 1951) of some bytes, of which none is the last; it ends at a byte, so that another may stand behind it. */
export interface Deflated {
  readonly bytes: Uint8Array;
  /** Of what was compressed: its length and its CRC-32. */
  readonly length: number;
  readonly crc: number;
}

/** Figures of `measure` before the runs. */
export const figureCount = 10;

const encoder = new TextEncoder();

/**
 * The compiled loops over the bytes of one text at a time: `load` or `loadText` it, then ask. Views that are handed out hold until the next call.
 */
export class TextKernel {
  #memory!: Memory;
  #calls!: Exports;
  #bytes!: Uint8Array;
  #length = 0;
  #isAscii = true;
  #hasTable = false;
  #windows: Windows | undefined;

  constructor() {
    this.#start();
  }

  /** The parts, one behind the other, of a text in UTF-8. */
  load(parts: readonly Uint8Array[], isAscii: boolean): void {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    this.#begin(length);
    let at = textAt;
    for (const part of parts) {
      this.#bytes.set(part, at);
      at += part.length;
    }
    this.#end(length, isAscii);
  }

  loadText(text: string): void {
    this.#begin(3 * text.length);
    const { written } = encoder.encodeInto(text, this.#bytes.subarray(textAt));
    this.#end(written, written === text.length);
  }

  /** The low bytes of its UTF-16 units: for ASCII the text itself. */
  loadLow(text: string): void {
    this.#begin(text.length);
    Buffer.from(this.#memory.buffer, textAt, text.length).write(text, "latin1");
    this.#end(text.length, true);
  }

  /** The bytes of the text. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(textAt, textAt + this.#length);
  }

  /** Counts of an ASCII text, see `measure` of the kernel's source: ten figures, then an index into each long run. */
  measure(longLine: number): Uint32Array {
    const out = aligned(textAt + this.#length + behindText);
    const most = figureCount + (this.#length >> 5) + 2;
    this.#room(out + 4 * most);
    this.#calls.measure(textAt, this.#length, longLine, out);
    return new Uint32Array(this.#memory.buffer, out, most);
  }

  /** Places in [from, end) whose last three bytes `windows` has a number for: pairs of the place of the last one and that number. */
  findWindows(windows: Windows, from: number, end: number): Uint32Array {
    if (this.#windows !== windows) {
      this.#bytes.set(windows.classes, classesAt);
      new Uint16Array(this.#memory.buffer, listsAt, windows.lists.length).set(windows.lists);
      this.#windows = windows;
    }
    const out = aligned(textAt + this.#length + behindText);
    this.#room(out + 8 * (end - from));
    const count = this.#calls.findWindows(textAt, from, end, classesAt, listsAt, out);
    return new Uint32Array(this.#memory.buffer, out, 2 * count);
  }

  /** Maximal runs of at least 18 letters, digits and `_ + - /` that may be random values: pairs of start and end. */
  findRuns(): Uint32Array {
    const out = aligned(textAt + this.#length + behindText);
    this.#room(out + this.#length);
    return new Uint32Array(this.#memory.buffer, out, 2 * this.#calls.findRuns(textAt, this.#length, out));
  }

  /** Distinct runs of `width` words; when `orFewer`, of all words where there are fewer. */
  runs(width: number, orFewer: boolean): WordRuns {
    const length = this.#length;
    const marks = aligned(textAt + length + behindText);
    const hashes = aligned(marks + (length >> 3) + 64);
    this.#room(hashes);
    const words = this.#calls.markWords(textAt, length, marks, this.#isAscii ? 0 : tableAt);
    const places = aligned(hashes + 8 * words);
    const size = 2 ** Math.ceil(Math.log2(2 * words + 2));
    const high = places + 4 * size;
    const low = high + 4 * words;
    this.#room(low + 4 * words);
    const print = this.#calls.hashWords(textAt, length, marks, hashes);
    const wanted = orFewer ? Math.min(width, words) : width;
    const count = words < wanted || wanted === 0 ? 0 : this.#calls.rollShingles(hashes, words, wanted, places, size - 1, high, low);
    const view = (at: number): Uint32Array => new Uint32Array(this.#memory.buffer, at, count);
    return { high: view(high), low: view(low), words, print };
  }

  /** The text as a JSON string literal, in UTF-8. */
  json(): Uint8Array {
    const out = aligned(textAt + this.#length + behindText);
    this.#room(out + this.#jsonRoom() + behindText);
    return new Uint8Array(this.#memory.buffer, out, this.#calls.writeJson(textAt, this.#length, escapesAt, out));
  }

  /** The text, compressed. */
  deflated(): Deflated {
    return this.#deflate(textAt, this.#length);
  }

  /** The text as a JSON string literal, in UTF-8, compressed. */
  deflatedJson(): Deflated {
    const { byteOffset, length } = this.json();
    return this.#deflate(byteOffset, length);
  }

  #deflate(from: number, length: number): Deflated {
    const out = aligned(from + length + behindText);
    this.#room(out + length + (length >> 3) + 1024);
    const crc = this.#calls.crc32(from, length, crcTableAt) >>> 0;
    return { bytes: new Uint8Array(this.#memory.buffer, out, this.#calls.deflate(from, length, deflateAt, out)), length, crc };
  }

  /** Counting first takes as long as writing; only what could take much memory is counted. */
  #jsonRoom(): number {
    return this.#length < largestKept / 16 ? longestEscape * this.#length + 2 : this.#calls.jsonLength(textAt, this.#length, escapesAt);
  }

  #begin(bytes: number): void {
    if (this.#memory.buffer.byteLength > largestKept) this.#start();
    this.#room(textAt + bytes + behindText);
  }

  #end(length: number, isAscii: boolean): void {
    this.#bytes.fill(0, textAt + length, textAt + length + behindText);
    this.#length = length;
    this.#isAscii = isAscii;
    if (isAscii || this.#hasTable) return;
    this.#bytes.set(wideTable(), tableAt);
    this.#hasTable = true;
  }

  #start(): void {
    this.#memory = new WebAssembly.Memory({ initial: 24 });
    compiled ??= new WebAssembly.Module(Buffer.from(textKernelModule, "base64"));
    this.#calls = new WebAssembly.Instance(compiled, { env: { memory: this.#memory } }).exports as Exports;
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#bytes.set(escapeTable(), escapesAt);
    this.#calls.prepareCrc(crcTableAt);
    this.#hasTable = false;
    this.#windows = undefined;
  }

  #room(end: number): void {
    const missing = end - this.#memory.buffer.byteLength;
    if (missing <= 0) return;
    this.#memory.grow(Math.ceil(missing / page));
    this.#bytes = new Uint8Array(this.#memory.buffer);
  }
}

let kernel: TextKernel | undefined;

/** The kernel of this thread. */
export function textKernel(): TextKernel {
  return (kernel ??= new TextKernel());
}
