import { createHash } from "node:crypto";
import type { RejectRecord } from "@midtrain/protocol/corpus";
import { canonicalJson, hashOf, sha256 } from "../platform/hash";
import { rulesVersion, type ResolvedCorpusConfig } from "./corpus-config";
import { sourceOf, type FileRecord } from "./incremental/file-record";
import type { HarvestState } from "./incremental/harvest-state";
import type { HistoryCopy } from "./listing/history-copies";
import type { FileAttributes, ListedFile, Listing } from "./listing/list-git";
import { comparePaths } from "./listing/path-names";
import type { Crew } from "./reading/crew";
import type { EverywhereValue, FileFacts, NumberedFile, TextFacts } from "./reading/file-work";

/** A file and what a look at it found, now or in an earlier harvest whose record is given. */
export interface SeenFile<Facts extends FileFacts = FileFacts> extends NumberedFile {
  /** Number of its attributes in the table of this harvest. */
  readonly attributes: number;
  readonly facts: Facts;
  readonly record?: FileRecord;
}

/** What a look at every file found, in path order. */
export interface ReadStage {
  readonly files: readonly SeenFile[];
  readonly texts: readonly SeenFile<TextFacts>[];
  readonly rejects: readonly RejectRecord[];
  /** Canonical JSON of the attributes that files have. */
  readonly attributes: readonly string[];
  /** Content hash of everything that decides what the corpus holds. */
  readonly corpusId: string;
  /** Values to be redacted wherever they stand, of the files that were looked at now. */
  readonly everywhere: readonly EverywhereValue[];
}

export interface ReadSettings {
  readonly config: ResolvedCorpusConfig;
  readonly seed: number;
  /** Items of the evaluation, which no document may hold. */
  readonly evaluation: readonly string[];
  /** Paths that `corpus.heldOut.after` holds out. */
  readonly late: ReadonlySet<string>;
  /** Files that the history joins. */
  readonly together: readonly HistoryCopy[];
}

/** Hash of everything beside the files that decides what a corpus holds. */
export function settingsKey({ config, seed, evaluation }: Omit<ReadSettings, "late" | "together">): string {
  return hashOf({ rules: rulesVersion, config, seed, evaluation });
}

/** Looks at every listed file that no earlier harvest has seen as it is now, and derives the corpus id. */
export async function readFiles(
  listing: Listing,
  crew: Crew,
  settings: ReadSettings,
  earlier: HarvestState | undefined,
  onStep: (done: number, total: number) => void,
): Promise<ReadStage> {
  const attributes = new AttributeTable(earlier?.attributes ?? []);
  const sorted = listing.files
    .map((file, number) => ({ number, file, attributes: attributes.numberOf(file.attributes) }))
    .sort((a, b) => comparePaths(a.file.path, b.file.path));
  const records = sorted.map((numbered) => knownRecord(numbered.file, numbered.attributes, earlier?.files));
  const fresh = sorted.filter((_, index) => records[index] === undefined).map(({ number, file }) => ({ number, file }));
  const looks = crew.look(fresh)[Symbol.asyncIterator]();
  const everywhere: EverywhereValue[] = [];
  const files: SeenFile[] = [];
  let done = 0;
  for (const [index, numbered] of sorted.entries()) {
    const record = records[index];
    if (record !== undefined) {
      // Written out, because tens of thousands of spread objects are slow.
      files.push({ number: numbered.number, file: numbered.file, attributes: numbered.attributes, facts: record.facts, record });
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
    attributes: attributes.list,
    corpusId: corpusIdOf(settings, files, attributes.list),
    everywhere,
  };
}

function knownRecord(file: ListedFile, attributes: number, known: ReadonlyMap<string, FileRecord> | undefined): FileRecord | undefined {
  const source = sourceOf(file);
  const record = source === undefined ? undefined : known?.get(file.path);
  return record?.source === source && record?.attributes === attributes ? record : undefined;
}

/** Rules, configuration, seed, and of every file its path, content and attributes. */
function corpusIdOf(settings: ReadSettings, files: readonly SeenFile[], table: readonly string[]): string {
  const hash = createHash("sha256")
    .update(settingsKey(settings))
    .update(JSON.stringify([...settings.late].sort(comparePaths)))
    .update(JSON.stringify(settings.together));
  const attributeIds = table.map((text) => sha256(text).slice(0, 32));
  const inputs = files.map(({ file, facts, attributes }) => {
    const content = facts.blob ?? (facts.kind === "reject" ? `${facts.rule}\0${facts.bytes}` : "");
    return `${file.path}\0${content}\0${attributeIds[attributes]!}\0`;
  });
  return hash.update(inputs.join("")).digest("hex").slice(0, 16);
}

/** Most files of a repository share a handful of combinations. */
class AttributeTable {
  readonly list: string[];
  readonly #byObject = new Map<FileAttributes, number>();
  readonly #byText: Map<string, number>;

  constructor(list: readonly string[]) {
    this.list = [...list];
    this.#byText = new Map(list.map((text, number) => [text, number]));
  }

  numberOf(attributes: FileAttributes): number {
    const known = this.#byObject.get(attributes);
    if (known !== undefined) return known;
    const text = canonicalJson(attributes);
    const number = this.#byText.get(text) ?? this.list.push(text) - 1;
    this.#byText.set(text, number);
    this.#byObject.set(attributes, number);
    return number;
  }
}
