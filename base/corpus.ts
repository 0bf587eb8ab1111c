import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { writeFileAtomic, writeJsonAtomic } from "../server/src/platform/atomic-write";
import { hashOf, sha256 } from "../server/src/platform/hash";
import { archiveFile } from "./fetch";
import { stageDirectory } from "./places";
import { say } from "./report";
import type { SourcePackage } from "./sources";
import { readTar } from "./tar";
import { groupOf, isSkippedPath, isTest, readableText, type TextGroup } from "./text-rules";

export interface BaseDocument {
  readonly id: string;
  readonly package: string;
  readonly path: string;
  readonly group: TextGroup;
  readonly language: string;
  readonly text: string;
}

export interface BaseCorpus {
  readonly key: string;
  readonly train: readonly BaseDocument[];
  readonly heldOut: readonly BaseDocument[];
}

/** Part of the stage's key: a changed rule makes a new corpus. */
const rules = "3";
/** Tests repeat one shape a thousand times: one file in so many is taken. */
const testsTaken = 6;
/** 10^6 bytes of all packages together. */
const groupLimits: Readonly<Partial<Record<TextGroup, number>>> = {
  js: 10,
  ts: 8,
  python: 12,
  prose: 8,
  c: 1.5,
  rust: 1.5,
  java: 1,
  config: 0.6,
};

const rankOf = (document: BaseDocument): string => sha256(`order ${document.id}`);
const byRank = (a: BaseDocument, b: BaseDocument): number => (rankOf(a) < rankOf(b) ? -1 : 1);
const bytesOf = (documents: readonly BaseDocument[]): number => documents.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);

function isTaken(path: string, source: SourcePackage): boolean {
  const prefix = source.take === undefined ? "" : source.take.find((taken) => path.startsWith(taken));
  if (prefix === undefined || source.drop?.some((dropped) => path.startsWith(dropped)) || isSkippedPath(path.slice(prefix.length)))
    return false;
  return !isTest(path) || parseInt(sha256(`test ${source.name} ${path}`).slice(0, 8), 16) % testsTaken === 0;
}

function* documentsOf(source: SourcePackage): Generator<BaseDocument> {
  for (const { path, content } of readTar(gunzipSync(readFileSync(archiveFile(source))))) {
    const about = groupOf(path);
    if (about === undefined || !isTaken(path, source)) continue;
    const text = readableText(content, about.group);
    if (text !== undefined) yield { id: `${source.name}/${path}`, package: source.name, path, ...about, text };
  }
}

/** In an order that depends on names only, as many documents as fit. */
function capped(documents: readonly BaseDocument[], megabytes: number | undefined): BaseDocument[] {
  let left = (megabytes ?? Infinity) * 1e6;
  return [...documents].sort(byRank).filter(({ text }) => (left -= Buffer.byteLength(text)) >= 0);
}

function withoutDuplicates(documents: readonly BaseDocument[], seen: Set<string>): BaseDocument[] {
  return documents.filter(({ text }) => {
    const key = sha256(text.replace(/\s+/g, " "));
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

/** Held-out packages first: a text that is in both counts as held out. */
function select(sources: readonly SourcePackage[]): { train: BaseDocument[]; heldOut: BaseDocument[] } {
  const seen = new Set<string>();
  const read = (source: SourcePackage): BaseDocument[] => withoutDuplicates(capped([...documentsOf(source)], source.megabytes), seen);
  const heldOut = sources.filter((source) => source.heldOut).flatMap(read);
  const all = sources.filter((source) => !source.heldOut).flatMap(read);
  const names = [...new Set(all.map(({ group }) => group))];
  const train = names.flatMap((name) =>
    capped(
      all.filter(({ group }) => group === name),
      groupLimits[name],
    ),
  );
  return { train: train.sort(byRank), heldOut };
}

const fileOf = (directory: string, side: string): string => join(directory, `${side}.jsonl`);

function readSide(directory: string, side: string): BaseDocument[] {
  const lines = readFileSync(fileOf(directory, side), "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as BaseDocument);
}

function summary(documents: readonly BaseDocument[]): string {
  const names = [...new Set(documents.map(({ group }) => group))].sort();
  return names.map((name) => `${name} ${(bytesOf(documents.filter(({ group }) => group === name)) / 1e6).toFixed(1)}`).join(", ");
}

/** Texts of all packages, filtered and without duplicates; made once for the same pins and rules. */
export function buildCorpus(sources: readonly SourcePackage[]): BaseCorpus {
  const key = hashOf({ rules, testsTaken, groupLimits, sources });
  const directory = stageDirectory("corpus", key);
  if (!existsSync(join(directory, "manifest.json"))) {
    mkdirSync(directory, { recursive: true });
    const sides = select(sources);
    for (const [side, documents] of Object.entries(sides)) {
      writeFileAtomic(fileOf(directory, side), documents.map((document) => `${JSON.stringify(document)}\n`).join(""));
    }
    writeJsonAtomic(join(directory, "manifest.json"), { key, train: sides.train.length, heldOut: sides.heldOut.length });
  }
  const corpus = { key, train: readSide(directory, "train"), heldOut: readSide(directory, "heldOut") };
  say("corpus", `${corpus.train.length} files, ${(bytesOf(corpus.train) / 1e6).toFixed(1)} MB: ${summary(corpus.train)}`);
  say("corpus", `held out: ${corpus.heldOut.length} files, ${(bytesOf(corpus.heldOut) / 1e6).toFixed(2)} MB: ${summary(corpus.heldOut)}`);
  return corpus;
}
