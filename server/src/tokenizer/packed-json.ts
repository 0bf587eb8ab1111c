import { isUtf8 } from "node:buffer";
import { createHash, type Hash } from "node:crypto";
import { checkShape, type PackedByteLevel } from "./byte-level-json";
import { contentHead } from "./identity";
import { IntList } from "./int-list";
import { JsonBytes, UnusualJson } from "./json-lists";
import { MergeTable } from "./merge-table";
import { hashFactor, idLimit, mixed, PackedVocabularyBuilder, type PackedVocabulary } from "./packed-vocabulary";
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
    const { vocabulary, merges, written, rest } = readFile(bytes);
    const json = check(JSON.parse(rest));
    checkShape(json);
    const hash = createHash("sha256").update(contentHead(json)).update("[[");
    hashVocabulary(hash, vocabulary);
    hash.update(written);
    return { json, vocabulary, merges, contentHash: hash.digest("hex") };
  } catch {
    // Whatever is wrong, the plain way says it in its own words.
    return undefined;
  }
}

interface ReadFile extends ReadMerges {
  readonly vocabulary: PackedVocabulary;
  /** The file with both lists empty. */
  readonly rest: string;
}

/** Reads `model.vocab` (an object) and `model.merges` (a list); each must be there once, the vocabulary first. */
function readFile(bytes: Uint8Array): ReadFile {
  const reader = new JsonBytes(bytes, 0);
  const isKey = (name: string): boolean => name === latin1(bytes, reader.from, reader.to);
  const text = (start: number, end: number): string => Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
  let rest = "";
  let done = 0;
  let vocabulary: PackedVocabulary | undefined;
  let merges: ReadMerges | undefined;
  const list = (empty: string, read: () => void): void => {
    reader.peek();
    rest += `${text(done, reader.at)}${empty}`;
    read();
    done = reader.at;
  };
  const modelMember = (): void => {
    // A key that is written with escapes could be any of these.
    if (reader.source !== bytes) throw new UnusualJson();
    if (isKey("vocab")) {
      if (vocabulary) throw new UnusualJson();
      refuseEarly(text(0, reader.at));
      list("{}", () => (vocabulary = readVocabulary(reader, bytes.length)));
    } else if (isKey("merges")) {
      if (!vocabulary || merges) throw new UnusualJson();
      const known = vocabulary;
      list("[]", () => (merges = readMerges(reader, known)));
    } else reader.skip();
  };
  let models = 0;
  reader.object(() => {
    if (reader.source !== bytes) throw new UnusualJson();
    if (!isKey("model")) reader.skip();
    else if (models++ === 0) reader.object(modelMember);
    else throw new UnusualJson();
  });
  if (!vocabulary || !merges) throw new UnusualJson();
  return { vocabulary, ...merges, rest: rest + text(done, bytes.length) };
}

/** What stands before the vocabulary mostly says whether the file has the shape: then the long lists need not be read. */
function refuseEarly(head: string): void {
  const json = JSON.parse(`${head}{}}}`) as TokenizerJson;
  const decides = ["normalizer", "pre_tokenizer", "decoder"].every((member) => Object.hasOwn(json, member));
  if (decides) checkShape({ ...json, model: { ...json.model, merges: [] } });
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return to - from > 16 ? "" : Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("latin1");
}

/** Bytes of a file for each of its tokens, at least: only a first guess at their number. */
const bytesPerToken = 30;

function readVocabulary(reader: JsonBytes, fileBytes: number): PackedVocabulary {
  const builder = new PackedVocabularyBuilder(Math.ceil(fileBytes / bytesPerToken));
  reader.members(0x7b, 0x7d, () => {
    reader.string();
    const { source, from, to } = reader;
    reader.expect(0x3a);
    const id = reader.integer();
    if (id >= idLimit) throw new UnusualJson();
    builder.add(source, from, to, id);
  });
  const vocabulary = builder.build();
  if (!vocabulary) throw new UnusualJson();
  return vocabulary;
}

interface ReadMerges {
  readonly merges: MergeTable;
  /** The merges as they go into the content hash. */
  readonly written: Uint8Array;
}

function readMerges(reader: JsonBytes, vocabulary: PackedVocabulary): ReadMerges {
  const found = new IntList(4 * vocabulary.size);
  const written = new JsonWriter(reader.left);
  const pair = new PairBuffer();
  let nextEntry = 0;
  reader.list(() => {
    if (reader.peek() === 0x22) {
      reader.string();
      pair.readText(reader.source, reader.from, reader.to);
    } else readPair(reader, pair);
    const { bytes: both, middle, end: length } = pair;
    const left = vocabulary.findHashed(mixed(pair.leftHash), both, 0, middle);
    const right = vocabulary.findHashed(mixed(pair.rightHash), both, middle, length);
    // Vocabularies list what merges made in the order of the merges.
    const expected = vocabulary.idIfEntry(nextEntry, both, 0, length);
    const merged = expected >= 0 ? expected : vocabulary.find(both, 0, length);
    if (left < 0 || right < 0 || merged < 0) throw new UnusualJson();
    nextEntry = vocabulary.entryOf(merged) + 1;
    found.push(left);
    found.push(right);
    found.push(merged);
    written.merge(both, middle, length);
  });
  return { merges: tableOf(found), written: written.end("]]") };
}

/** @param found left, right and merged id of each merge, in their order. */
function tableOf({ items, length }: IntList): MergeTable {
  const table = new MergeTable(length / 3);
  for (let i = 0, rank = 0; i < length; i += 3) table.set(items[i]!, items[i + 1]!, rank++, items[i + 2]!);
  return table;
}

function readPair(reader: JsonBytes, pair: PairBuffer): void {
  let parts = 0;
  pair.clear();
  reader.list(() => {
    reader.string();
    pair.add(reader.source, reader.from, reader.to);
    if (parts++ === 0) pair.endLeft();
  });
  if (parts !== 2) throw new UnusualJson();
}

/** Left and right of a merge side by side, with their hashes. */
class PairBuffer {
  bytes = new Uint8Array(1024);
  middle = 0;
  end = 0;
  leftHash = 0;
  rightHash = 0;

  clear(): void {
    this.middle = this.end = this.rightHash = 0;
  }

  endLeft(): void {
    this.middle = this.end;
    this.leftHash = this.rightHash;
    this.rightHash = 0;
  }

  add(source: Uint8Array, from: number, to: number): void {
    this.reserve(this.end + to - from);
    let hash = this.rightHash;
    for (let i = from; i < to; i++) {
      const byte = source[i]!;
      this.bytes[this.end++] = byte;
      hash = (Math.imul(hash, hashFactor) + byte) | 0;
    }
    this.rightHash = hash;
  }

  /** "left right": exactly one space, none of the first line of a merges.txt. */
  readText(source: Uint8Array, from: number, to: number): void {
    if (source[from] === 0x23 && latin1(source, from, from + 8) === "#version") throw new UnusualJson();
    this.reserve(to - from);
    const { bytes } = this;
    let used = 0;
    let middle = -1;
    let hash = 0;
    for (let i = from; i < to; i++) {
      const byte = source[i]!;
      if (byte !== 0x20) {
        bytes[used++] = byte;
        hash = (Math.imul(hash, hashFactor) + byte) | 0;
      } else if (middle < 0) {
        middle = used;
        this.leftHash = hash;
        hash = 0;
      } else throw new UnusualJson();
    }
    if (middle < 0) throw new UnusualJson();
    this.rightHash = hash;
    this.middle = middle;
    this.end = used;
  }

  private reserve(bytes: number): void {
    if (bytes <= this.bytes.length) return;
    const grown = new Uint8Array(2 * bytes);
    grown.set(this.bytes);
    this.bytes = grown;
  }
}

/** What JSON.stringify would write of strings in a list. */
class JsonWriter {
  private bytes: Buffer;
  private used = 0;

  /** @param expected bytes, about. */
  constructor(expected: number) {
    this.bytes = Buffer.allocUnsafe(expected);
  }

  string(bytes: Uint8Array, from: number, to: number): void {
    this.open(to - from);
    this.escaped(bytes, from, to);
    this.close();
  }

  merge(bytes: Uint8Array, middle: number, end: number): void {
    this.open(end);
    this.escaped(bytes, 0, middle);
    this.bytes[this.used++] = 0x20;
    this.escaped(bytes, middle, end);
    this.close();
  }

  /** All that was written, and what closes it. */
  end(closing: string): Uint8Array {
    return Buffer.concat([this.bytes.subarray(0, Math.max(0, this.used - 1)), Buffer.from(closing)]);
  }

  /** Makes room for a string in which every byte takes an escape. */
  private open(length: number): void {
    const needed = this.used + 6 * length + 4;
    if (needed > this.bytes.length) {
      const larger = Buffer.allocUnsafe(2 * needed);
      larger.set(this.bytes.subarray(0, this.used));
      this.bytes = larger;
    }
    this.bytes[this.used++] = 0x22;
  }

  private close(): void {
    this.bytes[this.used++] = 0x22;
    this.bytes[this.used++] = 0x2c;
  }

  private escaped(bytes: Uint8Array, from: number, to: number): void {
    const out = this.bytes;
    let { used } = this;
    for (let i = from; i < to; i++) {
      const byte = bytes[i]!;
      if (byte >= 0x20 && byte !== 0x22 && byte !== 0x5c) out[used++] = byte;
      else for (const char of JSON.stringify(String.fromCharCode(byte)).slice(1, -1)) out[used++] = char.charCodeAt(0);
    }
    this.used = used;
  }
}

/** `["token",…],null],[`, or with the ids where some are missing: what `contentHash` makes of a vocabulary. */
function hashVocabulary(hash: Hash, vocabulary: PackedVocabulary): void {
  const { text, starts, entryOfId } = vocabulary.arrays;
  const written = new JsonWriter(text.length + 4 * vocabulary.size);
  const ids: number[] = [];
  for (let id = 0; id < entryOfId.length; id++) {
    const entry = entryOfId[id]!;
    if (entry < 0) continue;
    written.string(text, starts[entry]!, starts[entry + 1]!);
    ids.push(id);
  }
  hash.update("[").update(written.end(`],${ids.length === entryOfId.length ? "null" : JSON.stringify(ids)}],[`));
}
