import type { CorpusManifest } from "@midtrain/protocol/corpus";
import { sha256 } from "../../platform/hash";
import { readCheckedFile, writeCheckedFile, type CacheFile } from "../listing/checked-file";
import type { FileRecord } from "./file-record";

/** What a harvest leaves for the next one under the same settings. */
export interface HarvestState {
  /** Salt of the keys of values. */
  readonly salt: string;
  readonly corpus: string;
  readonly shards: CorpusManifest["shards"];
  /** Canonical JSON of attributes; records name them by number. */
  readonly attributes: readonly string[];
  readonly files: ReadonlyMap<string, FileRecord>;
}

/** The whole state as it was written last, and one file of what changed since: tens of thousands of records are not written again for one. */
interface Base {
  readonly salt: string;
  readonly corpus: string;
  readonly shards: CorpusManifest["shards"];
  readonly attributes: readonly string[];
  readonly files: readonly FileRecord[];
}

interface Changes {
  readonly corpus: string;
  readonly shards: CorpusManifest["shards"];
  readonly attributes: readonly string[];
  readonly files: readonly FileRecord[];
  readonly gone: readonly string[];
}

/** Beyond so many changed records the whole state is written. */
const mostChanges = 2000;

/** States of one directory under one `.midtrain`; those of other rules and settings are not there. */
export class StateStore {
  readonly #base: CacheFile;
  readonly #changes: CacheFile;
  readonly #key: string;
  /** What the base on disk holds, and the key of the changes to it. */
  #known: { readonly files: ReadonlyMap<string, FileRecord>; readonly changesKey: string } | undefined;

  /** @param key hash of rules and settings */
  constructor(directory: string, name: string, key: string) {
    this.#base = { directory, name: `${name}.json` };
    this.#changes = { directory, name: `${name}-changes.json` };
    this.#key = key;
  }

  read(): HarvestState | undefined {
    const body = readCheckedFile(this.#base, this.#key);
    if (body === undefined) return undefined;
    const base = JSON.parse(body.toString("utf8")) as Base;
    const files = new Map(base.files.map((record) => [record.path, record]));
    this.#known = { files, changesKey: changesKey(this.#key, base.corpus, body.length) };
    const later = readCheckedFile(this.#changes, this.#known.changesKey);
    if (later === undefined) return { ...base, files };
    const changes = JSON.parse(later.toString("utf8")) as Changes;
    const now = new Map(files);
    for (const path of changes.gone) now.delete(path);
    for (const record of changes.files) now.set(record.path, record);
    return { salt: base.salt, corpus: changes.corpus, shards: changes.shards, attributes: changes.attributes, files: now };
  }

  /** A state that cannot be written costs time at the next harvest, nothing else. */
  write(state: HarvestState): void {
    const known = this.#known;
    const files = known === undefined ? [] : [...state.files.values()].filter((record) => known.files.get(record.path) !== record);
    const gone = known === undefined ? [] : [...known.files.keys()].filter((path) => !state.files.has(path));
    if (known === undefined || files.length + gone.length > mostChanges) this.#writeBase(state);
    else {
      const { corpus, shards, attributes } = state;
      const changes: Changes = { corpus, shards, attributes, files, gone };
      writeCheckedFile(this.#changes, known.changesKey, Buffer.from(JSON.stringify(changes)));
    }
  }

  #writeBase({ salt, corpus, shards, attributes, files }: HarvestState): void {
    const base: Base = { salt, corpus, shards, attributes, files: [...files.values()] };
    writeCheckedFile(this.#base, this.#key, Buffer.from(JSON.stringify(base)));
  }
}

function changesKey(key: string, corpus: string, bytes: number): string {
  return sha256(`${key} ${corpus} ${bytes}`);
}
