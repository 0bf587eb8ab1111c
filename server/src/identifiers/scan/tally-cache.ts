/** Tallies of the documents of one shard on disk, so that only what changed is counted again. */
import { readFileSync, rmSync } from "node:fs";
import { isWriteError, writeFileAtomic } from "../../platform/atomic-write";
import { sha256 } from "../../platform/hash";
import { creditUnit } from "../token-overlap";
import { ByteReader, ByteWriter } from "./byte-writer";
import type { DocumentTally, TermTally } from "./document-tally";

export interface KeptTally {
  /** Content hash of the text, its language, and whether a grammar named the kinds. */
  readonly key: string;
  readonly path: string;
  readonly tally: DocumentTally;
}

export interface KeptShard {
  /** Content hash of the shard and of everything else that decides what is kept. */
  readonly source: string;
  readonly documents: readonly KeptTally[];
}

interface Header {
  readonly format: 1;
  readonly source: string;
  readonly body: string;
  readonly strings: number;
}

/** Undefined when there is none, or when it is damaged: a cache is made again. */
export function readKeptShard(file: string): KeptShard | undefined {
  try {
    const data = readFileSync(file);
    const headerEnd = data.indexOf(10);
    const header = JSON.parse(data.toString("utf8", 0, headerEnd)) as Header;
    const body = data.subarray(headerEnd + 1);
    if (header.format !== 1 || sha256(body) !== header.body) return undefined;
    const strings = body.toString("utf8", 0, header.strings).split("\n");
    return { source: header.source, documents: decode(new ByteReader(body.subarray(header.strings)), strings) };
  } catch {
    return undefined;
  }
}

/** Returns the bytes written; 0 when the room does not suffice or the disk does not take it, and what was there is gone. */
export function writeKeptShard(file: string, { source, documents }: KeptShard, room: number): number {
  const table = new StringTable();
  const writer = new ByteWriter();
  for (const document of documents) encode(document, table, writer);
  const strings = Buffer.from(table.list.join("\n"));
  const body = Buffer.concat([strings, writer.bytes()]);
  const header: Header = { format: 1, source, body: sha256(body), strings: strings.length };
  try {
    if (body.length > room) rmSync(file, { force: true });
    else {
      writeFileAtomic(file, [Buffer.from(`${JSON.stringify(header)}\n`), body]);
      return body.length;
    }
  } catch (error) {
    if (!isWriteError(error)) throw error;
  }
  return 0;
}

class StringTable {
  readonly list: string[] = [];
  private readonly numbers = new Map<string, number>();

  numberOf(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) {
      number = this.list.length;
      this.numbers.set(text, number);
      this.list.push(text);
    }
    return number;
  }
}

function encode({ key, path, tally }: KeptTally, table: StringTable, out: ByteWriter): void {
  for (const text of [key, path, tally.malformed?.replaceAll("\n", " ") ?? ""]) out.number(table.numberOf(text));
  for (const number of [tally.bytes, tally.tokens, tally.byGrammar ? 1 : 0, tally.terms.length]) out.number(number);
  for (const term of tally.terms) encodeTerm(term, table, out);
  out.number(tally.ids.length);
  let last = 0;
  tally.ids.forEach((id, index) => {
    out.number(id - last);
    out.number(tally.idCounts[index]!);
    last = id;
  });
  const excluded = Object.entries(tally.excluded);
  out.number(excluded.length);
  for (const [reason, count] of excluded) {
    out.number(table.numberOf(reason));
    out.number(count);
  }
}

/** Whole tokens are even numbers, parts of tokens odd ones. */
function encodeTerm({ term, count, credit, kinds, here, keyPaths }: TermTally, table: StringTable, out: ByteWriter): void {
  out.number(table.numberOf(term));
  out.number(count);
  out.number(credit % creditUnit === 0 ? (2 * credit) / creditUnit : 2 * credit + 1);
  for (const pairs of [kinds, here]) {
    out.number(pairs.length);
    for (const number of pairs) out.number(number);
  }
  out.number(keyPaths === undefined ? 0 : keyPaths.size + 1);
  for (const [path, occurrences] of keyPaths ?? []) {
    out.number(table.numberOf(path));
    out.number(occurrences);
  }
}

function decode(input: ByteReader, strings: readonly string[]): KeptTally[] {
  const documents: KeptTally[] = [];
  while (!input.done) documents.push(decodeDocument(input, strings));
  return documents;
}

function decodeDocument(input: ByteReader, strings: readonly string[]): KeptTally {
  const text = (): string => strings[input.number()]!;
  const key = text();
  const path = text();
  const malformed = text();
  const bytes = input.number();
  const tokens = input.number();
  const byGrammar = input.number() === 1;
  const terms = Array.from({ length: input.number() }, () => decodeTerm(input, text));
  const distinct = input.number();
  const ids = new Int32Array(distinct);
  const idCounts = new Int32Array(distinct);
  for (let index = 0, last = 0; index < distinct; index++) {
    ids[index] = last += input.number();
    idCounts[index] = input.number();
  }
  const excluded = Object.fromEntries(Array.from({ length: input.number() }, () => [text(), input.number()]));
  const tally = { bytes, tokens, terms, ids, idCounts, excluded, malformed: malformed === "" ? undefined : malformed, byGrammar };
  return { key, path, tally };
}

function decodeTerm(input: ByteReader, text: () => string): TermTally {
  const term = text();
  const count = input.number();
  const credit = input.number();
  const numbers = (): number[] => Array.from({ length: input.number() }, () => input.number());
  const kinds = numbers();
  const here = numbers();
  const paths = input.number();
  const keyPaths = paths === 0 ? undefined : new Map(Array.from({ length: paths - 1 }, () => [text(), input.number()] as const));
  return { term, count, credit: credit % 2 === 0 ? (credit / 2) * creditUnit : (credit - 1) / 2, kinds, here, keyPaths };
}
