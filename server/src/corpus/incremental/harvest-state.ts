import type { CorpusManifest } from "@midtrain/protocol/corpus";
import { sha256 } from "../../platform/hash";
import { readCheckedFile, writeCheckedFile, type CacheFile } from "../listing/checked-file";
import type { SharedKnowledge } from "../knowledge";
import type { FileRecord } from "./file-record";
import type { ShardMembers } from "./shard-members";
import { StoredRecord, type StoredColumns } from "./lazy-record";
import { decodeRecords, encodeRecords } from "./record-table";

/** What a harvest leaves for the next one under the same settings. */
export interface HarvestState {
  /** Salt of the keys of values. */
  readonly salt: string;
  readonly corpus: string;
  readonly shards: CorpusManifest["shards"];
  readonly members: ShardMembers;
  /** Hash of the corpus's redactions.jsonl. */
  readonly redactions: string;
  /** Canonical JSON of attributes; records name them by number. */
  readonly attributes: readonly string[];
  readonly files: ReadonlyMap<string, FileRecord>;
  /** What the facts of all files together say. */
  readonly knowledge: SharedKnowledge;
}

/** A state as it is written. */
export type NextState = Omit<HarvestState, "files"> & { readonly files: readonly FileRecord[] };

/** Parts of a state that are small. */
interface Head {
  readonly corpus: string;
  readonly shards: CorpusManifest["shards"];
  readonly members: ShardMembers;
  /** Hash of the corpus's redactions.jsonl. */
  readonly redactions: string;
  readonly attributes: readonly string[];
}

type StoredKnowledge = { readonly [Key in "placeholders" | "everywhere" | "recurring"]: readonly unknown[] };

/** The whole state as it was written last, and one file of what changed since: tens of thousands of records are not written again for one. */
interface Base extends Head {
  readonly salt: string;
  readonly knowledge: StoredKnowledge;
}

interface Changes extends Head {
  /** Absent where it is that of the base. */
  readonly knowledge?: StoredKnowledge;
  readonly gone: readonly string[];
}

function storedKnowledge({ placeholders, everywhere, recurring }: SharedKnowledge): StoredKnowledge {
  return { placeholders: [...placeholders], everywhere: [...everywhere], recurring: [...recurring] };
}

function sharedKnowledge({ placeholders, everywhere, recurring }: StoredKnowledge): SharedKnowledge {
  return {
    placeholders: new Map(placeholders as [string, string][]),
    everywhere: new Map(everywhere as [string, never][]),
    recurring: new Set(recurring as string[]),
  } as SharedKnowledge;
}

/** A line of JSON, then records. */
function split(body: Buffer): { readonly head: unknown; readonly records: Map<string, FileRecord> } {
  const end = body.indexOf(10);
  return { head: JSON.parse(body.toString("utf8", 0, end)), records: decodeRecords(body.subarray(end + 1)) };
}

function join(head: Base | Changes, records: Iterable<FileRecord>): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...encodeRecords(records)]);
}

/** Raised with every change of how a state is written: another one is not there. */
const stateFormat = 5;

/** Beyond so many changed records the whole state is written. */
const mostChanges = 2000;

/** States of one directory under one `.midtrain`; those of other rules and settings are not there. */
export class StateStore {
  readonly #base: CacheFile;
  readonly #changes: CacheFile;
  readonly #key: string;
  /** What the base on disk holds, and the key of the changes to it. */
  #known: (Pick<HarvestState, "knowledge"> & BaseRecords & { readonly changesKey: string }) | undefined;

  /** @param key hash of rules and settings */
  constructor(directory: string, name: string, key: string) {
    this.#base = { directory, name: `${name}.records` };
    this.#changes = { directory, name: `${name}-changes.records` };
    this.#key = sha256(`${key} format ${stateFormat}`);
  }

  read(): HarvestState | undefined {
    const body = readCheckedFile(this.#base, this.#key);
    if (body === undefined) return undefined;
    const { head, records: files } = split(body);
    const base = head as Base;
    const records = baseRecords(files);
    const knowledge = sharedKnowledge(base.knowledge);
    this.#known = { ...records, knowledge, changesKey: changesKey(this.#key, base.corpus, body.length) };
    const later = readCheckedFile(this.#changes, this.#known.changesKey);
    if (later === undefined) return { ...base, files, knowledge };
    const { head: laterHead, records: changed } = split(later);
    const changes = laterHead as Changes;
    for (const path of changes.gone) files.delete(path);
    for (const [path, record] of changed) files.set(path, record);
    const { corpus, shards, members, redactions, attributes } = changes;
    const learnt = changes.knowledge === undefined ? knowledge : sharedKnowledge(changes.knowledge);
    return { salt: base.salt, corpus, shards, members, redactions, attributes, files, knowledge: learnt };
  }

  /** A state that cannot be written costs time at the next harvest, nothing else. */
  write(state: NextState): void {
    const known = this.#known;
    if (known === undefined) return this.#writeBase(state);
    const { files, gone } = changesTo(known, state.files);
    if (files.length + gone.length > mostChanges) return this.#writeBase(state);
    const { corpus, shards, members, redactions, attributes, knowledge } = state;
    const learnt = isSameKnowledge(knowledge, known.knowledge) ? {} : { knowledge: storedKnowledge(knowledge) };
    writeCheckedFile(this.#changes, known.changesKey, join({ corpus, shards, members, redactions, attributes, gone, ...learnt }, files));
  }

  #writeBase({ salt, corpus, shards, members, redactions, attributes, files, knowledge }: NextState): void {
    const base: Base = { salt, corpus, shards, members, redactions, attributes, knowledge: storedKnowledge(knowledge) };
    writeCheckedFile(this.#base, this.#key, join(base, files));
  }
}

/** The base as it was read: its documents are columns, the other records stand beside them. */
interface BaseRecords {
  readonly columns: StoredColumns | undefined;
  /** Of the documents, by their numbers in the columns. */
  readonly paths: readonly string[];
  readonly others: ReadonlySet<FileRecord>;
}

function baseRecords(files: ReadonlyMap<string, FileRecord>): BaseRecords {
  const paths: string[] = [];
  const others = new Set<FileRecord>();
  let columns: StoredColumns | undefined;
  for (const record of files.values()) {
    if (record instanceof StoredRecord) {
      columns = record.facts.columns;
      paths[record.facts.at] = record.path;
    } else others.add(record);
  }
  return { columns, paths, others };
}

/** Records that are not those of the base, and paths of the base that have none any more. */
function changesTo(
  { columns, paths, others }: BaseRecords,
  now: readonly FileRecord[],
): { readonly files: FileRecord[]; readonly gone: string[] } {
  const isKept = new Uint8Array(paths.length);
  const left = new Set(others);
  const files: FileRecord[] = [];
  for (const record of now) {
    if (record instanceof StoredRecord && record.facts.columns === columns) isKept[record.facts.at] = 1;
    else if (!left.delete(record)) files.push(record);
  }
  const changed = new Set(files.map(({ path }) => path));
  const lost = [...paths.filter((_, at) => isKept[at] === 0), ...[...left].map(({ path }) => path)];
  return { files, gone: lost.filter((path) => !changed.has(path)) };
}

/** Order counts: the next harvest is to find what this one would write. */
function isSameKnowledge(one: SharedKnowledge, other: SharedKnowledge): boolean {
  return JSON.stringify(storedKnowledge(one)) === JSON.stringify(storedKnowledge(other));
}

function changesKey(key: string, corpus: string, bytes: number): string {
  return sha256(`${key} ${corpus} ${bytes}`);
}
