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
  const sorted = inPathOrder(listing.files);
  const files: SeenFile[] = new Array<SeenFile>(sorted.length);
  const fresh: NumberedFile[] = [];
  const places: number[] = [];
  for (let place = 0; place < sorted.length; place++) {
    const number = sorted[place]!;
    const file = listing.files[number]!;
    const own = attributes.numberOf(file.attributes);
    const record = knownRecord(file, own, earlier?.files);
    if (record === undefined) {
      fresh.push({ number, file });
      places.push(place);
    } else files[place] = { number, file, attributes: own, facts: record.facts, record };
  }
  const everywhere: EverywhereValue[] = [];
  let done = 0;
  for await (const { facts, everywhere: values } of crew.look(fresh)) {
    const { number, file } = fresh[done]!;
    files[places[done]!] = { number, file, attributes: attributes.numberOf(file.attributes), facts };
    everywhere.push(...values);
    onStep(++done, fresh.length);
  }
  if (done < fresh.length) throw new RangeError("A file was not looked at.");
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

/** Numbers of the files by path. Git lists them in an order that is nearly always this one. */
function inPathOrder(files: readonly ListedFile[]): Uint32Array | number[] {
  const numbers = Uint32Array.from({ length: files.length }, (_, number) => number);
  const isSorted = files.every((file, number) => number === 0 || files[number - 1]!.path < file.path);
  return isSorted ? numbers : [...numbers].sort((a, b) => comparePaths(files[a]!.path, files[b]!.path));
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
