import { byteToChar } from "./byte-alphabet";

/** Highest id + 1 that a vocabulary may have. */
export const idLimit = 1 << 24;

/** The arrays of a vocabulary: what a cache keeps. */
export interface PackedVocabularyArrays {
  /** The tokens as UTF-8, in the order of their entries, without anything between. */
  readonly text: Uint8Array;
  /** Where each entry starts in `text`, and where the last one ends. */
  readonly starts: Int32Array;
  readonly ids: Int32Array;
  /** By id; -1 for a gap. */
  readonly entryOfId: Int32Array;
  /** Open addressing: hash and entry + 1. */
  readonly slots: Int32Array;
}

/**
 * Tokens and ids without a string or a Map entry for each: a hundred thousand of those take longer to make than a
 * keystroke may, and several times the memory.
 */
export class PackedVocabulary {
  readonly size: number;
  private readonly mask: number;

  constructor(readonly arrays: PackedVocabularyArrays) {
    this.size = arrays.ids.length;
    this.mask = arrays.slots.length / 2 - 1;
  }

  static fromMap(vocabulary: ReadonlyMap<string, number>): PackedVocabulary {
    const builder = new PackedVocabularyBuilder(vocabulary.size);
    for (const [token, id] of vocabulary) {
      const bytes = Buffer.from(token, "utf8");
      builder.add(bytes, 0, bytes.length, id);
    }
    return builder.build();
  }

  /** Highest id + 1. */
  get idCount(): number {
    return this.arrays.entryOfId.length;
  }

  get(token: string): number | undefined {
    const bytes = Buffer.from(token, "utf8");
    const id = this.find(bytes, 0, bytes.length);
    return id < 0 ? undefined : id;
  }

  /** Id of the token that bytes[start, end) are as UTF-8, or -1. */
  find(bytes: Uint8Array, start: number, end: number): number {
    const { text, starts, ids, slots } = this.arrays;
    const hash = hashOf(bytes, start, end);
    for (let slot = hash & this.mask; ; slot = (slot + 1) & this.mask) {
      const entry = slots[2 * slot + 1]! - 1;
      if (entry < 0) return -1;
      if (slots[2 * slot] === hash && isEqual(text, starts[entry]!, starts[entry + 1]!, bytes, start, end)) return ids[entry]!;
    }
  }

  /** Id of an entry when it is the token that bytes[start, end) are, else -1. */
  idIfEntry(entry: number, bytes: Uint8Array, start: number, end: number): number {
    const { text, starts, ids } = this.arrays;
    return entry < ids.length && isEqual(text, starts[entry]!, starts[entry + 1]!, bytes, start, end) ? ids[entry]! : -1;
  }

  entryOf(id: number): number {
    return this.arrays.entryOfId[id]!;
  }

  textOf(id: number): string | undefined {
    const bytes = this.utf8Of(id);
    return bytes && utf8.decode(bytes);
  }

  /** The token as the file has it, as UTF-8; a view. */
  utf8Of(id: number): Uint8Array | undefined {
    const { text, starts, entryOfId } = this.arrays;
    const entry = entryOfId[id] ?? -1;
    return entry < 0 ? undefined : text.subarray(starts[entry], starts[entry + 1]);
  }
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

export class PackedVocabularyBuilder {
  private text = new Uint8Array(1 << 16);
  private used = 0;
  private readonly starts: Int32Array;
  private readonly ids: Int32Array;
  private entryOfId: Int32Array;
  private readonly slots: Int32Array;
  private readonly mask: number;
  private entries = 0;
  private highest = -1;

  /** @param most tokens that will be added, at most. */
  constructor(most: number) {
    let capacity = 16;
    while (capacity < most * 1.6) capacity *= 2;
    this.mask = capacity - 1;
    this.slots = new Int32Array(2 * capacity);
    this.starts = new Int32Array(most + 1);
    this.ids = new Int32Array(most);
    this.entryOfId = new Int32Array(most + 1024).fill(-1);
  }

  /** @returns false, and adds nothing, when the token or the id is there already. */
  add(bytes: Uint8Array, start: number, end: number, id: number): boolean {
    this.reserve(end - start, id);
    if (this.entryOfId[id] !== -1) return false;
    const hash = hashOf(bytes, start, end);
    let slot = hash & this.mask;
    for (; ; slot = (slot + 1) & this.mask) {
      const entry = this.slots[2 * slot + 1]! - 1;
      if (entry < 0) break;
      if (this.slots[2 * slot] === hash && isEqual(this.text, this.starts[entry]!, this.starts[entry + 1]!, bytes, start, end))
        return false;
    }
    for (let i = start; i < end; i++) this.text[this.used++] = bytes[i]!;
    this.ids[this.entries] = id;
    this.entryOfId[id] = this.entries++;
    this.starts[this.entries] = this.used;
    this.slots[2 * slot] = hash;
    this.slots[2 * slot + 1] = this.entries;
    this.highest = Math.max(this.highest, id);
    return true;
  }

  build(): PackedVocabulary {
    return new PackedVocabulary({
      text: this.text.slice(0, this.used),
      starts: this.starts.slice(0, this.entries + 1),
      ids: this.ids.slice(0, this.entries),
      entryOfId: this.entryOfId.slice(0, this.highest + 1),
      slots: this.slots,
    });
  }

  private reserve(bytes: number, id: number): void {
    if (this.used + bytes > this.text.length) {
      const grown = new Uint8Array(2 * (this.used + bytes));
      grown.set(this.text.subarray(0, this.used));
      this.text = grown;
    }
    if (id < this.entryOfId.length) return;
    const grown = new Int32Array(Math.min(idLimit, 2 * id + 1)).fill(-1);
    grown.set(this.entryOfId);
    this.entryOfId = grown;
  }
}

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return (hash ^ (hash >>> 15)) | 0;
}

function isEqual(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): boolean {
  if (aEnd - aStart !== bEnd - bStart) return false;
  for (let i = 0; i < aEnd - aStart; i++) if (a[aStart + i] !== b[bStart + i]) return false;
  return true;
}

/** UTF-8 of the byte alphabet: for each byte one or two. */
const alphabetUtf8 = byteToChar.map((char) => Buffer.from(char, "utf8"));
const firstOfAlphabet = Uint8Array.from(alphabetUtf8, (bytes) => bytes[0]!);
const secondOfAlphabet = Uint8Array.from(alphabetUtf8, (bytes) => bytes[1] ?? 0);

/** Looks pieces up whole, by their bytes, in a vocabulary that is written in the byte alphabet. */
export class WholePieces {
  private scratch = new Uint8Array(512);
  /** Bytes of the longest token, or more: what is longer is none. */
  readonly longest: number;

  /** @param excluded ids that are not found: special tokens. */
  constructor(
    private readonly vocabulary: PackedVocabulary,
    private readonly excluded: ReadonlySet<number> = new Set(),
  ) {
    const { starts } = vocabulary.arrays;
    let longest = 0;
    for (let entry = 0; entry < vocabulary.size; entry++) longest = Math.max(longest, starts[entry + 1]! - starts[entry]!);
    this.longest = longest;
  }

  /** Id of the token that the first `length` bytes are, or -1. */
  find(bytes: Uint8Array, length: number): number {
    if (length > this.longest) return -1;
    if (this.scratch.length < 2 * length) this.scratch = new Uint8Array(4 * length);
    const { scratch } = this;
    let used = 0;
    for (let i = 0; i < length; i++) {
      scratch[used++] = firstOfAlphabet[bytes[i]!]!;
      const second = secondOfAlphabet[bytes[i]!]!;
      if (second !== 0) scratch[used++] = second;
    }
    const id = this.vocabulary.find(scratch, 0, used);
    return id >= 0 && this.excluded.has(id) ? -1 : id;
  }
}
