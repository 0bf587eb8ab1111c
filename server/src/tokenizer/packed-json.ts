import { isUtf8 } from "node:buffer";
import { createHash, type Hash } from "node:crypto";
import { checkShape, type PackedByteLevel } from "./byte-level-json";
import { contentHead } from "./identity";
import { JsonBytes, UnusualJson } from "./json-lists";
import { MergeTable } from "./merge-table";
import { idLimit, PackedVocabularyBuilder, type PackedVocabulary } from "./packed-vocabulary";
import type { TokenizerJson } from "./tokenizer-json";

/**
 * A byte-level tokenizer.json straight from its bytes into packed lists, in a third of the time that JSON.parse and Maps
 * need. Exact or nothing: what is unusual (a member that stands twice, ids that do, lone surrogates, merges of unknown
 * tokens, anything that is no JSON) or of another shape gives undefined, and the plain way has the say.
 * @param check the file's other members as a tokenizer.json; throws when they are none.
 */
export function packedFromBytes(bytes: Uint8Array, check: (json: unknown) => TokenizerJson): PackedByteLevel | undefined {
  if (!isUtf8(bytes)) return undefined;
  try {
    const { vocab, merges } = locateLists(bytes);
    const json = check(JSON.parse(withoutLists(bytes, vocab, merges)));
    checkShape(json);
    const vocabulary = readVocabulary(bytes, vocab);
    const hash = createHash("sha256").update(contentHead(json)).update("[[");
    hashVocabulary(hash, vocabulary);
    const table = readMerges(bytes, merges, vocabulary, hash);
    return { json, vocabulary, merges: table, contentHash: hash.digest("hex") };
  } catch {
    // Whatever is wrong, the plain way says it in its own words.
    return undefined;
  }
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Where `model.vocab` (an object) and `model.merges` (a list) lie; each must be there once, the vocabulary first. */
function locateLists(bytes: Uint8Array): { readonly vocab: Range; readonly merges: Range } {
  const reader = new JsonBytes(bytes, 0);
  const found = new Map<string, Range>();
  const isKey = (name: string): boolean => reader.source === bytes && name === latin1(bytes, reader.from, reader.to);
  const record = (name: string): void => {
    reader.peek();
    const start = reader.at;
    reader.skip();
    if (found.has(name)) throw new UnusualJson();
    found.set(name, { start, end: reader.at });
  };
  const modelMember = (): void => {
    // A key that is written with escapes could be any of these.
    if (reader.source !== bytes) throw new UnusualJson();
    if (isKey("vocab")) record("vocab");
    else if (isKey("merges")) record("merges");
    else reader.skip();
  };
  let models = 0;
  reader.object(() => {
    if (reader.source !== bytes) throw new UnusualJson();
    if (!isKey("model")) reader.skip();
    else if (models++ === 0) reader.object(modelMember);
    else throw new UnusualJson();
  });
  const [vocab, merges] = [found.get("vocab"), found.get("merges")];
  if (!vocab || !merges || merges.start < vocab.end) throw new UnusualJson();
  return { vocab, merges };
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return to - from > 16 ? "" : Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("latin1");
}

function withoutLists(bytes: Uint8Array, vocab: Range, merges: Range): string {
  const text = (start: number, end: number): string => Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
  return `${text(0, vocab.start)}{}${text(vocab.end, merges.start)}[]${text(merges.end, bytes.length)}`;
}

function readVocabulary(bytes: Uint8Array, { start, end }: Range): PackedVocabulary {
  const reader = new JsonBytes(bytes, start);
  // A colon behind a quote ends a key, or is in one: never too few.
  const builder = new PackedVocabularyBuilder(countBefore(bytes, start, end, 0x3a, 0x22));
  reader.members(0x7b, 0x7d, () => {
    reader.string();
    const { source, from, to } = reader;
    reader.expect(0x3a);
    const id = reader.integer();
    if (id >= idLimit || !builder.add(source, from, to, id)) throw new UnusualJson();
  });
  if (reader.at !== end) throw new UnusualJson();
  return builder.build();
}

function readMerges(bytes: Uint8Array, { start, end }: Range, vocabulary: PackedVocabulary, hash: Hash): MergeTable {
  const reader = new JsonBytes(bytes, start);
  const table = new MergeTable(1 + countBefore(bytes, start, end, 0x2c, 0x22) + countBefore(bytes, start, end, 0x2c, 0x5d));
  const written = new JsonWriter(hash);
  const pair = new PairBuffer();
  let rank = 0;
  let nextEntry = 0;
  reader.list(() => {
    if (reader.peek() === 0x22) {
      reader.string();
      pair.readText(reader.source, reader.from, reader.to);
    } else readPair(reader, pair);
    const { bytes: both, middle, end: length } = pair;
    const left = vocabulary.find(both, 0, middle);
    const right = vocabulary.find(both, middle, length);
    // Vocabularies list what merges made in the order of the merges.
    const expected = vocabulary.idIfEntry(nextEntry, both, 0, length);
    const merged = expected >= 0 ? expected : vocabulary.find(both, 0, length);
    if (left < 0 || right < 0 || merged < 0) throw new UnusualJson();
    nextEntry = vocabulary.entryOf(merged) + 1;
    table.set(left, right, rank++, merged);
    written.merge(both, middle, length);
  });
  if (reader.at !== end) throw new UnusualJson();
  written.end("]]");
  return table;
}

function readPair(reader: JsonBytes, pair: PairBuffer): void {
  let parts = 0;
  pair.clear();
  reader.list(() => {
    reader.string();
    pair.add(reader.source, reader.from, reader.to);
    if (parts++ === 0) pair.middle = pair.end;
  });
  if (parts !== 2) throw new UnusualJson();
}

function countBefore(bytes: Uint8Array, start: number, end: number, byte: number, before: number): number {
  let count = 0;
  for (let i = start; i < end; i++) if (bytes[i] === byte && bytes[i - 1] === before) count++;
  return count;
}

/** Left and right of a merge side by side. */
class PairBuffer {
  bytes = new Uint8Array(1024);
  middle = 0;
  end = 0;

  clear(): void {
    this.middle = this.end = 0;
  }

  add(source: Uint8Array, from: number, to: number): void {
    if (this.end + to - from > this.bytes.length) {
      const grown = new Uint8Array(2 * (this.end + to - from));
      grown.set(this.bytes);
      this.bytes = grown;
    }
    for (let i = from; i < to; i++) this.bytes[this.end++] = source[i]!;
  }

  /** "left right": exactly one space, none of the first line of a merges.txt. */
  readText(source: Uint8Array, from: number, to: number): void {
    if (source[from] === 0x23 && latin1(source, from, from + 8) === "#version") throw new UnusualJson();
    if (this.bytes.length < to - from) this.bytes = new Uint8Array(2 * (to - from));
    const { bytes } = this;
    let used = 0;
    let middle = -1;
    for (let i = from; i < to; i++) {
      const byte = source[i]!;
      if (byte !== 0x20) bytes[used++] = byte;
      else if (middle < 0) middle = used;
      else throw new UnusualJson();
    }
    if (middle < 0) throw new UnusualJson();
    this.middle = middle;
    this.end = used;
  }
}

/** What JSON.stringify would write, into a hash. */
class JsonWriter {
  private readonly buffer = Buffer.alloc(1 << 16);
  private used = 0;
  private separated = true;

  constructor(private readonly hash: Hash) {}

  string(bytes: Uint8Array, from: number, to: number): void {
    this.open();
    this.escaped(bytes, from, to);
    this.put(0x22);
  }

  merge(bytes: Uint8Array, middle: number, end: number): void {
    this.open();
    this.escaped(bytes, 0, middle);
    this.put(0x20);
    this.escaped(bytes, middle, end);
    this.put(0x22);
  }

  end(closing: string): void {
    this.hash.update(this.buffer.subarray(0, this.used)).update(closing);
    this.used = 0;
  }

  private open(): void {
    if (!this.separated) this.put(0x2c);
    this.separated = false;
    this.put(0x22);
  }

  private escaped(bytes: Uint8Array, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const byte = bytes[i]!;
      if (byte >= 0x20 && byte !== 0x22 && byte !== 0x5c && this.used < this.buffer.length) this.buffer[this.used++] = byte;
      else if (byte >= 0x20 && byte !== 0x22 && byte !== 0x5c) this.put(byte);
      else for (const char of JSON.stringify(String.fromCharCode(byte)).slice(1, -1)) this.put(char.charCodeAt(0));
    }
  }

  private put(byte: number): void {
    if (this.used === this.buffer.length) {
      this.hash.update(this.buffer);
      this.used = 0;
    }
    this.buffer[this.used++] = byte;
  }
}

/** `["token",…],null],[`, or with the ids where some are missing: what `contentHash` makes of a vocabulary. */
function hashVocabulary(hash: Hash, vocabulary: PackedVocabulary): void {
  const { text, starts, entryOfId } = vocabulary.arrays;
  const writer = new JsonWriter(hash.update("["));
  const ids: number[] = [];
  for (let id = 0; id < entryOfId.length; id++) {
    const entry = entryOfId[id]!;
    if (entry < 0) continue;
    writer.string(text, starts[entry]!, starts[entry + 1]!);
    ids.push(id);
  }
  writer.end(`],${ids.length === entryOfId.length ? "null" : JSON.stringify(ids)}],[`);
}
