/** Sources of the mixture, rendered for the model and packed into rows: the repository, and replay. */
import type { MidtrainConfig } from "@midtrain/protocol/config";
import type { CorpusDocument } from "@midtrain/protocol/corpus";
import type { Executor } from "@midtrain/protocol/executor";
import type { OnProgress } from "@midtrain/protocol/progress";
import type { MixtureSource, Recipe } from "@midtrain/protocol/run";
import { readDocuments } from "../corpus";
import {
  cleanReplay,
  importOrder,
  leftOutByReason,
  leftOutNotes,
  packDocuments,
  writeTokenRows,
  type MixtureSettings,
  type PackingDocument,
  type WrittenTokenRows,
} from "../mixture";
import type { Tokenizer } from "../tokenizer";
import type { BaseModel } from "./base-model";
import { replayDocuments } from "./replay-source";

export interface SourceOptions {
  readonly directory: string;
  readonly midtrain: string;
  readonly config: MidtrainConfig;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  readonly createExecutor: () => Executor;
}

/** What all sources of a run are packed with. */
export interface SourceContext {
  readonly tokenizer: Tokenizer;
  readonly recipe: Recipe;
  readonly mixture: MixtureSettings;
  readonly corpus: string;
  readonly corpusDirectory: string;
}

function control({ signal, onProgress }: Pick<SourceOptions, "signal" | "onProgress">): {
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
} {
  return { ...(signal === undefined ? {} : { signal }), ...(onProgress === undefined ? {} : { onProgress }) };
}

interface Packing {
  readonly name: string;
  readonly documents: readonly (PackingDocument | CorpusDocument)[];
  readonly corpus: string;
  readonly places?: ReadonlyMap<string, number> | undefined;
  /** Replay is not turned around. */
  readonly isTurned: boolean;
}

async function packSource(
  options: Omit<SourceOptions, "createExecutor">,
  { tokenizer, recipe, mixture }: SourceContext,
  packing: Packing,
): Promise<WrittenTokenRows> {
  const { name, documents, corpus, places, isTurned } = packing;
  const { signal, onProgress, midtrain } = options;
  const packed = await packDocuments({
    documents,
    tokenizer,
    rowLength: recipe.rowLength,
    header: mixture.header,
    controls: mixture.controls,
    fill: isTurned ? mixture.fill : undefined,
    places,
    ...(signal === undefined ? {} : { signal }),
    onProgress: ({ documents: done }) =>
      onProgress?.({ stage: "pack", message: `packing ${name} text into rows`, done, total: documents.length, unit: "files" }),
  });
  return writeTokenRows(midtrain, packed, { source: name, corpus });
}

/** The repository's training files. */
export async function packDomain(
  options: Omit<SourceOptions, "createExecutor">,
  documents: readonly CorpusDocument[],
  context: SourceContext,
): Promise<{ readonly rows: WrittenTokenRows; readonly notes: readonly string[] }> {
  const order = context.mixture.order === "imports" ? importOrder(documents) : undefined;
  const packing = { name: "domain", documents, corpus: context.corpus, places: order?.places, isTurned: true };
  return { rows: await packSource(options, context, packing), notes: order === undefined ? [] : [order.words] };
}

interface ReplayRows {
  readonly name: string;
  readonly rows: WrittenTokenRows | undefined;
  readonly leftOut: Pick<MixtureSource, "leftOut">;
  readonly notes: readonly string[];
}

/** Text that keeps what the base knows, without what the run is measured by and what it learns anyway. */
export async function packReplay(
  options: SourceOptions,
  base: BaseModel,
  evaluation: readonly string[],
  context: SourceContext,
): Promise<ReplayRows> {
  const { tokenizer, recipe, corpusDirectory } = context;
  if (recipe.replayShare === 0) {
    const notes = ["The recipe has no replay (training.replayShare is 0): expect the model to forget."];
    return { name: "", rows: undefined, leftOut: {}, notes };
  }
  const source = await replayDocuments(
    {
      ...control(options),
      directory: options.directory,
      seed: options.config.seed ?? 0,
      tokenizer,
      createExecutor: options.createExecutor,
    },
    base,
  );
  const { name } = source;
  options.onProgress?.({ stage: "replay", message: "comparing replay with the repository and the evaluation items" });
  const repository = readDocuments(corpusDirectory);
  const { documents, leftOut } = await cleanReplay({ documents: source.documents, repository, evaluation, ...control(options) });
  const notes = [...source.notes, ...leftOutNotes(leftOut, source.documents.length)];
  if (documents.length === 0) return { name, rows: undefined, leftOut: {}, notes: [...notes, ...nothingLeft(leftOut.length)] };
  const rows = await packSource(options, context, { name, documents, corpus: base.hash, isTurned: false });
  return { name, rows, leftOut: leftOut.length === 0 ? {} : { leftOut: leftOutByReason(leftOut) }, notes };
}

function nothingLeft(leftOut: number): readonly string[] {
  return leftOut === 0 ? [] : ["No replay text is left: the run has no replay, expect the model to forget; the gates will judge."];
}

export function mixtureSource(name: string, role: MixtureSource["role"], { id, manifest }: WrittenTokenRows): MixtureSource {
  return {
    name,
    role,
    tokens: id,
    rows: manifest.rows,
    lossTokensPerRow: manifest.rows === 0 ? 0 : manifest.ledger.lossTokens / manifest.rows,
  };
}
