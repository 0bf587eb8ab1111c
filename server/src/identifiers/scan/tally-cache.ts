/** Tallies of the documents of one shard on disk, so that only what changed is counted again. */
import { readFileSync, rmSync } from "node:fs";
import { isWriteError, writeFileAtomic } from "../../platform/atomic-write";
import { sha256 } from "../../platform/hash";
import { creditUnit } from "../token-overlap";
import { ownCopy } from "../words";
import { ByteReader, ByteWriter } from "./byte-writer";
import { tallyWidth, type DocumentTally, type TermTallies } from "./document-tally";

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

/** Raised with every change of what is written. */
const format = 2;

interface Header {
  readonly format: typeof format;
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
    if (header.format !== format || sha256(body) !== header.body) return undefined;
    const strings = body.toString("utf8", 0, header.strings).split("\n").map(ownCopy);
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
  const header: Header = { format, source, body: sha256(body), strings: strings.length };
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
  for (const number of [tally.bytes, tally.tokens, tally.byGrammar ? 1 : 0, tally.terms.terms.length]) out.number(number);
  for (let row = 0; row < tally.terms.terms.length; row++) encodeTerm(tally.terms, row, table, out);
  out.number(tally.ids.length);
  let last = 0;
  for (let index = 0; index < tally.ids.length; index++) {
    const id = tally.ids[index]!;
    out.number(id - last);
    out.number(tally.idCounts[index]!);
    last = id;
  }
  const excluded = Object.entries(tally.excluded);
  out.number(excluded.length);
  for (const [reason, count] of excluded) {
    out.number(table.numberOf(reason));
    out.number(count);
  }
}

/** Credit: whole tokens are even numbers, parts of tokens odd ones. */
function encodeTerm({ terms, numbers, credit, keyPaths }: TermTallies, row: number, table: StringTable, out: ByteWriter): void {
  out.number(table.numberOf(terms[row]!));
  const units = credit[row]!;
  out.number(units % creditUnit === 0 ? (2 * units) / creditUnit : 2 * units + 1);
  const from = row * tallyWidth;
  let used = 0;
  for (let column = 0; column < tallyWidth; column++) if (numbers[from + column] !== 0) used++;
  out.number(used);
  for (let column = 0; column < tallyWidth; column++) {
    if (numbers[from + column] === 0) continue;
    out.number(column);
    out.number(numbers[from + column]!);
  }
  const paths = keyPaths.get(row);
  out.number(paths === undefined ? 0 : paths.size + 1);
  for (const [path, occurrences] of paths ?? []) {
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
  const terms = decodeTerms(input, text);
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

function decodeTerms(input: ByteReader, text: () => string): TermTallies {
  const rows = input.number();
  const terms: string[] = [];
  const numbers = new Int32Array(rows * tallyWidth);
  const credit = new Float64Array(rows);
  const keyPaths = new Map<number, ReadonlyMap<string, number>>();
  for (let row = 0; row < rows; row++) {
    terms.push(text());
    const units = input.number();
    credit[row] = units % 2 === 0 ? (units / 2) * creditUnit : (units - 1) / 2;
    for (let used = input.number(); used > 0; used--) {
      const column = input.number();
      numbers[row * tallyWidth + column] = input.number();
    }
    const paths = input.number();
    if (paths > 0) keyPaths.set(row, new Map(Array.from({ length: paths - 1 }, () => [text(), input.number()] as const)));
  }
  return { terms, numbers, credit, keyPaths };
}
