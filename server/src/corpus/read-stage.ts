import { createHash } from "node:crypto";
import type { RejectRecord } from "@midtrain/protocol/corpus";
import { canonicalJson, hashOf } from "../platform/hash";
import { rulesVersion, type ResolvedCorpusConfig } from "./corpus-config";
import { recurringHeaderFiles, recurringKeys } from "./clean-file";
import type { ListedFile, Listing } from "./listing/list-git";
import { comparePaths } from "./listing/path-names";
import type { Crew } from "./reading/crew";
import type { CleanRequest, EverywhereValue, FileFacts, Knowledge, NumberedFile, TextFacts } from "./reading/file-work";
import type { ValueKey } from "./reading/value-keys";

/** What a look at every file found, in path order. */
export interface ReadStage {
  readonly texts: readonly CleanRequest[];
  readonly rejects: readonly RejectRecord[];
  /** Content hash of everything that decides what the corpus holds. */
  readonly corpusId: string;
  readonly knowledge: Knowledge;
}

/** Looks at every listed file, derives the corpus id, and gathers what all files together show. */
export async function readFiles(
  listing: Listing,
  crew: Crew,
  settings: { readonly config: ResolvedCorpusConfig; readonly seed: number },
  onStep: (done: number) => void,
): Promise<ReadStage> {
  const files = listing.files
    .map((file, number): NumberedFile => ({ number, file }))
    .sort((a, b) => comparePaths(a.file.path, b.file.path));
  const inputs = new InputHash(settings);
  const rejects: RejectRecord[] = [];
  const texts: CleanRequest[] = [];
  const everywhere = new Map<ValueKey, EverywhereValue>();
  let done = 0;
  for await (const look of crew.look(files)) {
    const numbered = files[done]!;
    const { facts } = look;
    inputs.add(numbered.file, facts);
    if (facts.kind === "text") texts.push({ ...numbered, facts });
    else rejects.push({ path: facts.path, rule: facts.rule, bytes: facts.bytes, reason: facts.reason });
    for (const value of look.everywhere) if (!everywhere.has(value.key)) everywhere.set(value.key, value);
    onStep(++done);
  }
  const facts = texts.map((text) => text.facts);
  const knowledge = { placeholders: numberValues(facts), everywhere: [...everywhere.values()], recurring: recurringOf(facts) };
  return { texts, rejects, corpusId: inputs.id(), knowledge };
}

/** The id of a corpus: rules, configuration, seed, and of every file its path, content and attributes. */
class InputHash {
  readonly #hash = createHash("sha256");
  readonly #attributes = new Map<string, string>();

  constructor(settings: { readonly config: ResolvedCorpusConfig; readonly seed: number }) {
    this.#hash.update(hashOf({ rules: rulesVersion, ...settings }));
  }

  add(file: ListedFile, facts: FileFacts): void {
    const content = facts.blob ?? (facts.kind === "reject" ? `${facts.rule}\0${facts.bytes}` : "");
    this.#hash.update(`${file.path}\0${content}\0${this.#attributesOf(file)}\0`);
  }

  id(): string {
    return this.#hash.digest("hex").slice(0, 16);
  }

  /** Most files of a repository share a handful of combinations. */
  #attributesOf({ attributes }: ListedFile): string {
    const key = JSON.stringify(attributes);
    const known = this.#attributes.get(key);
    if (known !== undefined) return known;
    const canonical = canonicalJson(attributes);
    this.#attributes.set(key, canonical);
    return canonical;
  }
}

/** A value has one placeholder wherever it stands, `<SECRET:aws-access-key-1>`: numbered per rule in the order in which values are met. */
function numberValues(files: readonly TextFacts[]): Map<ValueKey, string> {
  const placeholders = new Map<ValueKey, string>();
  const numbers = new Map<string, number>();
  for (const { findings } of files) {
    for (const { key, rule, family } of findings) {
      if (placeholders.has(key)) continue;
      const number = (numbers.get(rule) ?? 0) + 1;
      numbers.set(rule, number);
      placeholders.set(key, `<${family.toUpperCase()}:${rule}-${number}>`);
    }
  }
  return placeholders;
}

/** Headers and blocks whose words open at least so many files say nothing about any of them. */
function recurringOf(files: readonly TextFacts[]): Set<string> {
  const counts = new Map<string, number>();
  for (const { header } of files) for (const key of recurringKeys(header)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return new Set([...counts].filter(([, files]) => files >= recurringHeaderFiles).map(([key]) => key));
}
