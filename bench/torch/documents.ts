/**
 * Documents whose tokens say where they came from: every body token has an id of its own. Their lengths are those of real files, a
 * sixteenth of their size, as the rows are a sixteenth of the usual 4,096.
 */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Row } from "@midtrain/protocol/executor";
import { packDocuments, openTokenRows, writeTokenRows, type PackingTokenizer } from "../../server/src/mixture/index";
import { seededRandom } from "../../server/src/platform/random";

export const rowLength = 256;
const scale = 16;
const bytesPerToken = 4;
const endOfText = 0;
const firstBody = 256;
/** Body tokens are the characters from here on, two UTF-16 units each. */
const firstCharacter = 0x10000;
const left = new Set(["node_modules", ".git", ".cache", "dist", ".midtrain", "test-results"]);

/** Body lengths in tokens of `count` files below the directory, drawn with a seed; files above 64 KB are left out. */
export function lengthsOf(directory: string, count: number): readonly number[] {
  const sizes: number[] = [];
  const walk = (at: string): void => {
    for (const entry of readdirSync(at, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.isDirectory() && !left.has(entry.name)) walk(join(at, entry.name));
      if (entry.isFile()) sizes.push(statSync(join(at, entry.name)).size);
    }
  };
  walk(directory);
  const usable = sizes.filter((size) => size > 0 && size <= 65_536);
  const random = seededRandom("torch-peers", 1);
  const chosen: number[] = [];
  while (chosen.length < count && usable.length > 0) chosen.push(...usable.splice(random.int(usable.length), 1));
  return chosen.map((size) => Math.max(1, Math.round(size / bytesPerToken / scale)));
}

/** Body ids, document by document. */
export function bodiesOf(lengths: readonly number[]): readonly (readonly number[])[] {
  let next = firstBody;
  return lengths.map((length) => Array.from({ length }, () => next++));
}

const textOf = (body: readonly number[]): string => body.map((id) => String.fromCodePoint(firstCharacter + id - firstBody)).join("");

/** A token per character; headers are ASCII. */
const tokenizer: PackingTokenizer = {
  identity: { name: "characters", hash: "characters", behaviour: "characters", engine: "own" },
  endOfText,
  encode: (text) =>
    Int32Array.from([...text], (character) => {
      const code = character.codePointAt(0)!;
      return code >= firstCharacter ? firstBody + code - firstCharacter : 2 + (code % (firstBody - 2));
    }),
  countSpecialLookalikes: () => 0,
};

/** The documents through Midtrain's own packing, to disk and back, as a run reads them. */
export async function packedRows(bodies: readonly (readonly number[])[], directory: string): Promise<readonly Row[]> {
  const documents = bodies.map((body, index) => {
    const path = `d${String(index).padStart(4, "0")}`;
    return { id: path, path, language: "text", text: textOf(body) };
  });
  const packed = await packDocuments({ documents, tokenizer, rowLength });
  const written = writeTokenRows(directory, packed, { source: "domain", corpus: "torch-peers" });
  const rows = openTokenRows(written.directory);
  return Array.from({ length: rows.manifest.rows }, (_, index) => rows.row(index, 0));
}

/** Every second document the other way round. */
export function everySecondReversed(bodies: readonly (readonly number[])[]): readonly (readonly number[])[] {
  return bodies.map((body, index) => (index % 2 === 0 ? [...body].reverse() : body));
}

export function vocabularyOf(lengths: readonly number[]): number {
  const used = firstBody + lengths.reduce((sum, length) => sum + length, 0);
  return Math.ceil(used / 64) * 64;
}

export function asDocuments(bodies: readonly (readonly number[])[]): readonly (readonly number[])[] {
  return bodies.map((body) => [...body, endOfText]);
}
