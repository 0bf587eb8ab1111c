import type { DocumentClass, RedactionRecord, RejectRecord, TextSpan } from "@midtrain/protocol/corpus";
import type { CleanRecord, DocumentRecord, LinedSpan } from "./incremental/file-record";
import { plainFacts, redactsEverywhere } from "./incremental/lazy-record";
import { knowledgeChange, knowledgeOf, type SharedKnowledge } from "./knowledge";
import type { SeenFile } from "./read-stage";
import type { Crew } from "./reading/crew";
import type { Cleaned, EverywhereValue, TextFacts } from "./reading/file-work";

/** A cleaned document; its text and shingles are in the stores, or can be made again from its file. */
export interface CleanDocument {
  readonly seen: SeenFile<TextFacts>;
  readonly path: string;
  readonly blob: string;
  readonly class: DocumentClass;
  readonly language: string;
  readonly encoding: string;
  readonly spans: readonly LinedSpan[];
  readonly bytes: number;
  readonly redactedBytes: number;
  readonly strippedBytes: number;
  /** Fingerprint of the sequence of words. */
  readonly words: string;
  /** What an earlier harvest made of the very same file. */
  readonly before: DocumentRecord | undefined;
}

/** On-disk bytes that went into the corpus. */
export function keptBytes(document: Pick<CleanDocument, "bytes" | "redactedBytes" | "strippedBytes">): number {
  return document.bytes - document.redactedBytes - document.strippedBytes;
}

const noRedactions: readonly RedactionRecord[] = [];

export function redactionsOf(document: Pick<CleanDocument, "path" | "spans" | "redactedBytes">): readonly RedactionRecord[] {
  if (document.redactedBytes === 0) return noRedactions;
  const { path, spans } = document;
  if (spans.length === 0) return noRedactions;
  return spans.flatMap(({ start, end, rule, placeholder, line }) =>
    placeholder === undefined || line === undefined ? [] : [{ path, line, rule, start, end, placeholder }],
  );
}

export interface CleanStage {
  /** In path order. */
  readonly documents: readonly CleanDocument[];
  readonly rejects: readonly RejectRecord[];
  /** By path: files that cleaning left nothing of. */
  readonly rejectedTexts: ReadonlyMap<string, { readonly rule: string; readonly reason: string }>;
  readonly knowledge: SharedKnowledge;
}

export interface CleanInputs {
  readonly texts: readonly SeenFile<TextFacts>[];
  /** Values of the files that were looked at now. */
  readonly everywhere: readonly EverywhereValue[];
  /** What all files of the earlier harvest showed; undefined: clean everything. */
  readonly before: SharedKnowledge | undefined;
  /** Text of a file as it was decoded, uncut. */
  readonly textOf: (file: SeenFile<TextFacts>) => string;
  /** Of these files, those in which one of the values may stand. */
  readonly search: (files: readonly SeenFile<TextFacts>[], values: readonly string[]) => Promise<ReadonlySet<SeenFile<TextFacts>>>;
}

/** Takes text and shingles of the document with this number. */
export type Keep = (document: number, cleaned: Extract<Cleaned, { kind: "document" }>) => void;

/**
 * Cleans every file with what all files together showed (a secret found once is replaced everywhere, a header that opens many
 * files is boilerplate), unless an earlier harvest did so with the same outcome.
 */
export async function cleanFiles(
  inputs: CleanInputs,
  crew: Crew,
  keep: Keep,
  onStep: (done: number, total: number) => void,
): Promise<CleanStage> {
  const knowledge = knowledgeOf(inputs.texts);
  const before = await outcomesThatHold(inputs, knowledge);
  const pending = inputs.texts.filter((_, index) => before[index] === undefined);
  if (pending.length > 0) {
    const everywhere = [...inputs.everywhere, ...valuesAgain(inputs, knowledge)];
    crew.learn({ ...knowledge, everywhere: distinctValues(everywhere, knowledge) });
  }
  const results = crew.clean(pending.map((seen) => ({ ...seen, facts: plainFacts(seen.facts) })))[Symbol.asyncIterator]();
  const documents: CleanDocument[] = [];
  const rejectedTexts = new Map<string, { rule: string; reason: string }>();
  const rejects: RejectRecord[] = [];
  const reject = ({ file, facts }: SeenFile<TextFacts>, { rule, reason }: { readonly rule: string; readonly reason: string }): void => {
    rejectedTexts.set(file.path, { rule, reason });
    rejects.push({ path: file.path, rule, bytes: facts.bytes, reason });
  };
  let done = 0;
  for (const [index, seen] of inputs.texts.entries()) {
    const earlier = before[index];
    if (earlier?.kind === "reject") reject(seen, earlier);
    else if (earlier !== undefined) documents.push(new EarlierDocument(seen, earlier));
    if (earlier !== undefined) continue;
    const result = await results.next();
    if (result.done === true) throw new RangeError("A file was not cleaned.");
    const cleaned = result.value;
    if (cleaned.kind === "reject") reject(seen, cleaned);
    else {
      keep(documents.length, cleaned);
      documents.push(cleanDocument(seen, { ...cleaned, spans: linedSpans(cleaned) }));
    }
    onStep(++done, pending.length);
  }
  return { documents, rejects, rejectedTexts, knowledge };
}

/** What the earlier harvest made of each file, where cleaning it again would give the same. */
async function outcomesThatHold(
  { texts, everywhere, before, search }: CleanInputs,
  knowledge: SharedKnowledge,
): Promise<(CleanRecord | undefined)[]> {
  if (before === undefined) return texts.map(() => undefined);
  const { gained, staysAsCleaned } = knowledgeChange(before, knowledge);
  const outcomes = texts.map(({ record, facts }) => {
    const cleaned = record?.cleaned;
    return cleaned !== undefined && staysAsCleaned(facts, cleaned) ? cleaned : undefined;
  });
  if (gained.size === 0) return outcomes;
  const values = new Set(everywhere.flatMap(({ key, value }) => (gained.has(key) ? [value] : [])));
  const holders = await search(
    texts.filter((_, index) => outcomes[index] !== undefined),
    [...values],
  );
  return outcomes.map((outcome, index) => (holders.has(texts[index]!) ? undefined : outcome));
}

function distinctValues(values: readonly EverywhereValue[], { everywhere }: SharedKnowledge): EverywhereValue[] {
  const byKey = new Map(values.map(({ key, value }) => [key, value]));
  return [...everywhere].flatMap(([key, kind]) => {
    const value = byKey.get(key);
    return value === undefined ? [] : [{ key, value, ...kind }];
  });
}

/**
 * The values of files that were not looked at now: they are remembered nowhere, so they are read where they stand, of each value one file
 * that holds it, the smallest first.
 */
function valuesAgain({ texts, everywhere, textOf }: CleanInputs, knowledge: SharedKnowledge): EverywhereValue[] {
  const missing = new Set(knowledge.everywhere.keys());
  for (const { key } of everywhere) missing.delete(key);
  if (missing.size === 0) return [];
  const holders = texts.filter(({ record, facts }) => record !== undefined && redactsEverywhere(facts));
  const values: EverywhereValue[] = [];
  for (const seen of holders.sort((a, b) => a.facts.bytes - b.facts.bytes)) {
    const wanted = seen.facts.findings.filter((finding) => finding.everywhere && missing.delete(finding.key));
    if (wanted.length === 0) continue;
    const text = textOf(seen);
    for (const { key, rule, family, start, end } of wanted) values.push({ key, value: text.slice(start, end), rule, family });
  }
  return values;
}

/** A document that an earlier harvest cleaned: two references, because there are tens of thousands. */
class EarlierDocument implements CleanDocument {
  readonly seen: SeenFile<TextFacts>;
  readonly before: DocumentRecord;

  constructor(seen: SeenFile<TextFacts>, before: DocumentRecord) {
    this.seen = seen;
    this.before = before;
  }

  get path(): string {
    return this.seen.file.path;
  }

  get blob(): string {
    return this.seen.facts.blob;
  }

  get class(): DocumentClass {
    return this.seen.facts.class;
  }

  get language(): string {
    return this.seen.facts.language;
  }

  get encoding(): string {
    return this.seen.facts.encoding;
  }

  get bytes(): number {
    return this.seen.facts.bytes;
  }

  get redactedBytes(): number {
    return this.before.redactedBytes;
  }

  get strippedBytes(): number {
    return this.before.strippedBytes;
  }

  get words(): string {
    return this.before.words;
  }

  get spans(): readonly LinedSpan[] {
    return this.before.spans;
  }
}

function cleanDocument(
  seen: SeenFile<TextFacts>,
  parts: Pick<CleanDocument, "spans" | "redactedBytes" | "strippedBytes" | "words">,
): CleanDocument {
  const { facts } = seen;
  return {
    seen,
    path: seen.file.path,
    blob: facts.blob,
    class: facts.class,
    language: facts.language,
    encoding: facts.encoding,
    spans: parts.spans,
    bytes: facts.bytes,
    redactedBytes: parts.redactedBytes,
    strippedBytes: parts.strippedBytes,
    words: parts.words,
    before: undefined,
  };
}

/** Redactions stand in the order of the spans they belong to. */
function linedSpans({
  spans,
  redactions,
}: {
  readonly spans: readonly TextSpan[];
  readonly redactions: readonly RedactionRecord[];
}): LinedSpan[] {
  let next = 0;
  return spans.map((span) => (span.placeholder === undefined ? span : { ...span, line: redactions[next++]!.line }));
}
