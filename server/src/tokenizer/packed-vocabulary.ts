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
  /** Open addressing: the upper eight bits of the hash above entry + 1; 0 where it is empty. */
  readonly slots: Int32Array;
  /** Bytes of the longest token. */
  readonly longest: number;
}

const entryMask = 0xffffff;

/**
 * Tokens and ids without a string or a Map entry for each: a hundred thousand of those take longer to make than a
 * keystroke may, and several times the memory.
 */
export class PackedVocabulary {
  readonly size: number;
  private readonly mask: number;

  constructor(readonly arrays: PackedVocabularyArrays) {
    this.size = arrays.ids.length;
    this.mask = arrays.slots.length - 1;
  }

  /** @param vocabulary one id a token, one token an id. */
  static fromMap(vocabulary: ReadonlyMap<string, number>): PackedVocabulary {
    const builder = new PackedVocabularyBuilder(vocabulary.size);
    for (const [token, id] of vocabulary) {
      const bytes = Buffer.from(token, "utf8");
      builder.add(bytes, 0, bytes.length, id);
    }
    const packed = builder.build();
    if (!packed) throw new RangeError("two tokens have one id, or look alike as UTF-8");
    return packed;
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
    return this.findHashed(mixed(hashOf(bytes, start, end)), bytes, start, end);
  }

  /** The same where the hash is known: `mixed` of the hash of the bytes. */
  findHashed(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const { text, starts, ids, slots } = this.arrays;
    for (let slot = hash & this.mask; ; slot = (slot + 1) & this.mask) {
      const found = slots[slot]!;
      if (found === 0) return -1;
      if ((found ^ hash) >>> 24 !== 0) continue;
      const entry = (found & entryMask) - 1;
      if (isEqual(text, starts[entry]!, starts[entry + 1]!, bytes, start, end)) return ids[entry]!;
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
  private starts: Int32Array;
  private ids: Int32Array;
  private hashes: Int32Array;
  private entries = 0;

  /** @param expected tokens that will be added, about. */
  constructor(expected: number) {
    this.starts = new Int32Array(expected + 1);
    this.ids = new Int32Array(expected);
    this.hashes = new Int32Array(expected);
  }

  /** @param id from 0 and below `idLimit`. */
  add(bytes: Uint8Array, start: number, end: number, id: number): void {
    if (this.entries === this.ids.length) this.growEntries();
    if (this.used + end - start > this.text.length) this.growText(end - start);
    const { text, entries } = this;
    let { used } = this;
    let hash = 0;
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!;
      text[used++] = byte;
      hash = (Math.imul(hash, hashFactor) + byte) | 0;
    }
    this.used = used;
    this.ids[entries] = id;
    this.hashes[entries] = mixed(hash);
    this.starts[entries + 1] = used;
    this.entries = entries + 1;
  }

  /** @returns undefined when a token or an id was added twice. */
  build(): PackedVocabulary | undefined {
    const { entries } = this;
    const text = this.text.slice(0, this.used);
    const starts = this.starts.slice(0, entries + 1);
    const ids = this.ids.slice(0, entries);
    const entryOfId = entriesById(ids);
    const slots = slotsOf(text, starts, this.hashes.subarray(0, entries));
    if (!entryOfId || !slots || entries >= entryMask) return undefined;
    let longest = 0;
    for (let entry = 0; entry < entries; entry++) longest = Math.max(longest, starts[entry + 1]! - starts[entry]!);
    return new PackedVocabulary({ text, starts, ids, entryOfId, slots, longest });
  }

  private growEntries(): void {
    const capacity = 2 * this.ids.length + 16;
    this.starts = grown(this.starts, capacity + 1);
    this.ids = grown(this.ids, capacity);
    this.hashes = grown(this.hashes, capacity);
  }

  private growText(bytes: number): void {
    const larger = new Uint8Array(2 * (this.used + bytes));
    larger.set(this.text.subarray(0, this.used));
    this.text = larger;
  }
}

function grown(array: Int32Array, length: number): Int32Array {
  const larger = new Int32Array(length);
  larger.set(array);
  return larger;
}

/** Undefined when an id stands twice. */
function entriesById(ids: Int32Array): Int32Array | undefined {
  let highest = -1;
  for (let entry = 0; entry < ids.length; entry++) highest = Math.max(highest, ids[entry]!);
  const entryOfId = new Int32Array(highest + 1).fill(-1);
  for (let entry = 0; entry < ids.length; entry++) {
    const id = ids[entry]!;
    if (entryOfId[id] !== -1) return undefined;
    entryOfId[id] = entry;
  }
  return entryOfId;
}

/** Undefined when a token stands twice. */
function slotsOf(text: Uint8Array, starts: Int32Array, hashes: Int32Array): Int32Array | undefined {
  let capacity = 16;
  while (capacity < hashes.length * 1.6) capacity *= 2;
  const slots = new Int32Array(capacity);
  const mask = capacity - 1;
  for (let entry = 0; entry < hashes.length; entry++) {
    const hash = hashes[entry]!;
    let slot = hash & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const found = slots[slot]!;
      if ((found ^ hash) >>> 24 !== 0) continue;
      const other = (found & entryMask) - 1;
      if (isEqual(text, starts[other]!, starts[other + 1]!, text, starts[entry]!, starts[entry + 1]!)) return undefined;
    }
    slots[slot] = (hash & ~entryMask) | (entry + 1);
  }
  return slots;
}

/** A polynomial, so that the hash of every part of a token follows from those of its beginnings. */
export const hashFactor = 0x01000193;

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0;
  for (let i = start; i < end; i++) hash = (Math.imul(hash, hashFactor) + bytes[i]!) | 0;
  return hash;
}

/** Spreads a polynomial's value over all bits. */
export function mixed(polynomial: number): number {
  let hash = polynomial ^ (polynomial >>> 16);
  hash = Math.imul(hash, 0x7feb352d);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x846ca68b);
  return hash ^ (hash >>> 16);
}

function isEqual(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): boolean {
  if (aEnd - aStart !== bEnd - bStart) return false;
  for (let i = 0; i < aEnd - aStart; i++) if (a[aStart + i] !== b[bStart + i]) return false;
  return true;
}
