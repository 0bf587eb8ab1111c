import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { formatKinds, generateFormatDocuments, generateRefusalDocuments } from "../server/src/evaluation";
import {
  openTokenRows,
  packDocuments,
  writeTokenRows,
  type PackingDocument,
  type PackingTokenizer,
  type TokenRows,
} from "../server/src/mixture";
import { writeJsonAtomic } from "../server/src/platform/atomic-write";
import { hashOf, sha256 } from "../server/src/platform/hash";
import type { BaseCorpus } from "./corpus";
import { cache } from "./places";
import { say } from "./report";
import type { BaseTokenizer } from "./tokenizer";

export const rowLength = 512;

/** The fresh ones are read in the second part of the training only. */
export const streams = ["general", "formats", "refusals", "fresh-formats", "fresh-refusals"] as const;
export type StreamName = (typeof streams)[number];
export type Streams = Readonly<Record<StreamName, TokenRows>>;

/** Documents of each kind of format, and of requests: about as many tokens as a long training uses. */
const generated = { formats: 2200, refusals: 26_000 };
/** One file in so many is read without its path, after the end-of-text token alone: the base must also begin where no path is known. */
const withoutPath = 4;

/**
 * A text without a header begins after the end-of-text token, as it does when it is scored or generated without context; packing asks for
 * the header's tokens first, and an empty header is the only empty text it encodes.
 */
function afterEndOfText({ tokenizer }: BaseTokenizer): PackingTokenizer {
  const { endOfText } = tokenizer;
  if (endOfText === undefined) throw new Error("The base's tokenizer has no end-of-text token.");
  return {
    identity: tokenizer.identity,
    endOfText,
    countSpecialLookalikes: (text) => tokenizer.countSpecialLookalikes(text),
    encode: (text, options) => (text === "" ? Int32Array.of(endOfText) : tokenizer.encode(text, options)),
  };
}

function* generalDocuments(corpus: BaseCorpus): Generator<PackingDocument> {
  for (const { id, path, language, text } of corpus.train) {
    const bare = parseInt(sha256(`path ${id}`).slice(0, 8), 16) % withoutPath === 0;
    yield { id, path, language, text, ...(bare ? { rendered: true } : {}) };
  }
}

/** Shuffled by name: packing goes in path order, and a row shall not hold one kind of format only. */
function* plain(name: string, texts: Iterable<string>): Generator<PackingDocument> {
  let index = 0;
  for (const text of texts) {
    const id = sha256(`${name} ${index++}`).slice(0, 16);
    yield { id, path: id, language: "plaintext", text, rendered: true };
  }
}

function* formatDocuments(seed: string): Generator<PackingDocument> {
  for (const kind of formatKinds) yield* plain(kind, generateFormatDocuments({ seed, kind, count: generated.formats }));
}

function documentsOf(stream: StreamName, corpus: BaseCorpus): Iterable<PackingDocument> {
  const refusals = (seed: string): Iterable<PackingDocument> =>
    plain("refusal", generateRefusalDocuments({ seed, count: generated.refusals }));
  switch (stream) {
    case "general":
      return generalDocuments(corpus);
    case "formats":
      return formatDocuments("base");
    case "refusals":
      return refusals("base");
    case "fresh-formats":
      return formatDocuments("base, second part");
    case "fresh-refusals":
      return refusals("base, second part");
  }
}

/** Content of the generated streams: their code is the evaluation room's, so that only the text itself tells whether it changed. */
function contentKey(stream: StreamName, corpus: BaseCorpus): string {
  if (stream === "general") return corpus.key;
  return sha256([...documentsOf(stream, corpus)].map(({ text }) => text).join("\0"));
}

async function buildStream(stream: StreamName, corpus: BaseCorpus, base: BaseTokenizer): Promise<TokenRows> {
  const key = hashOf({ stream, content: contentKey(stream, corpus), tokenizer: base.tokenizer.identity.hash, rowLength, withoutPath });
  const pointer = join(cache, `rows-${stream}-${key.slice(0, 12)}.json`);
  if (existsSync(pointer)) return openTokenRows((JSON.parse(readFileSync(pointer, "utf8")) as { directory: string }).directory);
  const packed = await packDocuments({ documents: documentsOf(stream, corpus), tokenizer: afterEndOfText(base), rowLength });
  const { directory } = writeTokenRows(cache, packed, { source: stream, corpus: key });
  writeJsonAtomic(pointer, { directory });
  return openTokenRows(directory);
}

/** Token rows of the three streams, packed once. */
export async function buildStreams(corpus: BaseCorpus, base: BaseTokenizer): Promise<Streams> {
  const rows: Partial<Record<StreamName, TokenRows>> = {};
  for (const stream of streams) {
    const opened = await buildStream(stream, corpus, base);
    const { rows: count, ledger } = opened.manifest;
    say(
      "rows",
      `${stream}: ${count} rows of ${rowLength}, ${(ledger.lossTokens / 1e6).toFixed(2)} M tokens with loss, ${ledger.documents} documents`,
    );
    rows[stream] = opened;
  }
  return rows as Streams;
}
