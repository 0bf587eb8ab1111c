import { createHash } from "node:crypto";
import type { RejectRecord } from "@midtrain/protocol/corpus";
import { canonicalJson, hashOf } from "../platform/hash";
import { rulesVersion, type ResolvedCorpusConfig } from "./corpus-config";
import { sourceOf, type FileRecord } from "./incremental/file-record";
import type { FileAttributes, ListedFile, Listing } from "./listing/list-git";
import { comparePaths } from "./listing/path-names";
import type { Crew } from "./reading/crew";
import type { EverywhereValue, FileFacts, NumberedFile, TextFacts } from "./reading/file-work";

/** A file and what a look at it found, now or in an earlier harvest whose record is given. */
export interface SeenFile<Facts extends FileFacts = FileFacts> extends NumberedFile {
  readonly attributes: string;
  readonly facts: Facts;
  readonly record?: FileRecord;
}

/** What a look at every file found, in path order. */
export interface ReadStage {
  readonly files: readonly SeenFile[];
  readonly texts: readonly SeenFile<TextFacts>[];
  readonly rejects: readonly RejectRecord[];
  /** Content hash of everything that decides what the corpus holds. */
  readonly corpusId: string;
  /** Values to be redacted wherever they stand, of the files that were looked at now. */
  readonly everywhere: readonly EverywhereValue[];
}

export interface ReadSettings {
  readonly config: ResolvedCorpusConfig;
  readonly seed: number;
}

/** Hash of everything beside the files that decides what a corpus holds. */
export function settingsKey(settings: ReadSettings): string {
  return hashOf({ rules: rulesVersion, ...settings });
}

/** Looks at every listed file that no earlier harvest has seen as it is now, and derives the corpus id. */
export async function readFiles(
  listing: Listing,
  crew: Crew,
  settings: ReadSettings,
  known: ReadonlyMap<string, FileRecord>,
  onStep: (done: number, total: number) => void,
): Promise<ReadStage> {
  const attributesOf = canonicalAttributes();
  const sorted = listing.files
    .map((file, number) => ({ number, file, attributes: attributesOf(file.attributes) }))
    .sort((a, b) => comparePaths(a.file.path, b.file.path));
  const records = sorted.map(({ file, attributes }) => knownRecord(file, attributes, known));
  const fresh = sorted.filter((_, index) => records[index] === undefined).map(({ number, file }) => ({ number, file }));
  const looks = crew.look(fresh)[Symbol.asyncIterator]();
  const everywhere: EverywhereValue[] = [];
  const files: SeenFile[] = [];
  let done = 0;
  for (const [index, numbered] of sorted.entries()) {
    const record = records[index];
    if (record !== undefined) {
      files.push({ ...numbered, facts: record.facts, record });
      continue;
    }
    const look = await looks.next();
    if (look.done === true) throw new RangeError("A file was not looked at.");
    files.push({ ...numbered, facts: look.value.facts });
    everywhere.push(...look.value.everywhere);
    onStep(++done, fresh.length);
  }
  return {
    files,
    texts: files.filter((file): file is SeenFile<TextFacts> => file.facts.kind === "text"),
    rejects: files.flatMap(({ facts }) =>
      facts.kind === "reject" ? [{ path: facts.path, rule: facts.rule, bytes: facts.bytes, reason: facts.reason }] : [],
    ),
    corpusId: corpusIdOf(settings, files),
    everywhere,
  };
}

function knownRecord(file: ListedFile, attributes: string, known: ReadonlyMap<string, FileRecord>): FileRecord | undefined {
  const source = sourceOf(file);
  const record = source === undefined ? undefined : known.get(file.path);
  return record?.source === source && record?.attributes === attributes ? record : undefined;
}

/** Rules, configuration, seed, and of every file its path, content and attributes. */
function corpusIdOf(settings: ReadSettings, files: readonly SeenFile[]): string {
  const hash = createHash("sha256").update(settingsKey(settings));
  const inputs = files.map(({ file, facts, attributes }) => {
    const content = facts.blob ?? (facts.kind === "reject" ? `${facts.rule}\0${facts.bytes}` : "");
    return `${file.path}\0${content}\0${attributes}\0`;
  });
  return hash.update(inputs.join("")).digest("hex").slice(0, 16);
}

/** Most files of a repository share a handful of combinations. */
function canonicalAttributes(): (attributes: FileAttributes) => string {
  const byObject = new Map<FileAttributes, string>();
  return (attributes) => {
    const known = byObject.get(attributes);
    if (known !== undefined) return known;
    const canonical = canonicalJson(attributes);
    byObject.set(attributes, canonical);
    return canonical;
  };
}
