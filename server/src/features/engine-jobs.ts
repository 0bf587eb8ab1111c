/** The long jobs of the editor, as data: the same functions that the command line calls. */
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import type { MidtrainConfig } from "@midtrain/protocol/config";
import type { HarvestResult, SplitSide } from "@midtrain/protocol/corpus";
import type { CorpusCheckSummary } from "@midtrain/protocol/corpus-check";
import { MidtrainError, type ErrorReason } from "@midtrain/protocol/errors";
import type { OnProgress, Progress } from "@midtrain/protocol/progress";
import type { ExpansionAssessment, FragmentationComparison, FragmentationReport } from "@midtrain/protocol/tokens";
import { localPreflight } from "../backends";
import { bundledFile } from "../config";
import { checkCorpus, readDocuments } from "../corpus";
import { assessExpansion, compareReports, fragmentationReport, scanCorpus, type ScanOptions } from "../identifiers";
import { cancelled } from "../platform/cancellation";
import { loadTokenizer } from "../tokenizer";
import { harvestRepository, prepareRun } from "../training";
import { writeCorpusCheck } from "./corpus-check-file";
import { writeCorpusIndex } from "./corpus-index-file";

export interface JobPlace {
  readonly directory: string;
  readonly midtrain: string;
  readonly config: MidtrainConfig;
}

export type EngineJob = JobPlace &
  (
    | { readonly job: "harvest" }
    | { readonly job: "index"; readonly corpus: string }
    | { readonly job: "check"; readonly corpus: string }
    | { readonly job: "fragmentation"; readonly tokenizer: string; readonly top: number }
    /** Names of one directory of a corpus. */
    | { readonly job: "directory-names"; readonly corpus: string; readonly tokenizer: string; readonly under: string; readonly top: number }
    | { readonly job: "compare"; readonly corpus: string; readonly tokenizers: readonly string[]; readonly top: number }
    | { readonly job: "expansion"; readonly corpus: string; readonly tokenizer: string }
    | { readonly job: "prepare" }
  );

export interface EngineJobResults {
  readonly harvest: HarvestResult;
  readonly index: { readonly corpus: string };
  readonly check: CorpusCheckSummary;
  readonly fragmentation: { readonly corpusDirectory: string; readonly report: FragmentationReport };
  readonly "directory-names": FragmentationReport;
  readonly compare: FragmentationComparison;
  readonly expansion: ExpansionAssessment;
  readonly prepare: { readonly run: string; readonly directory: string };
}

export type WorkerMessage =
  | { readonly type: "progress"; readonly progress: Progress }
  | { readonly type: "result"; readonly result: EngineJobResults[EngineJob["job"]] }
  | {
      readonly type: "error";
      readonly error: {
        readonly reason: ErrorReason;
        readonly message: string;
        readonly where: string | undefined;
        readonly next: string | undefined;
      };
    };

/** `.midtrain/` lies beside the configuration. */
export function configurationFileOf(midtrain: string): string {
  return join(dirname(midtrain), "midtrain.jsonc");
}

interface JobControl {
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** Runs a job in the calling thread. */
export async function runEngineJob(job: EngineJob, control: JobControl): Promise<EngineJobResults[EngineJob["job"]]> {
  const { directory, midtrain, config } = job;
  switch (job.job) {
    case "prepare": {
      const prepared = await prepareRun({
        directory,
        midtrain,
        config,
        configFile: configurationFileOf(midtrain),
        preflight: localPreflight(control),
        ...control,
      });
      return { run: prepared.run, directory: prepared.directory };
    }
    case "index":
      await writeCorpusIndex(job.corpus, midtrain);
      return { corpus: job.corpus };
    case "check":
      return writeCorpusCheck(midtrain, job.corpus, await checkCorpus(job.corpus, control.signal, control.onProgress));
    case "harvest": {
      const result = await harvestHere(job, control);
      control.onProgress({ stage: "harvest", message: "indexing the corpus" });
      await writeCorpusIndex(result.directory, midtrain);
      return result;
    }
    case "fragmentation": {
      const { directory: corpusDirectory } = await harvestHere(job, control);
      const [report] = (await scanCorpus(corpusDirectory, scanOptions(job, [job.tokenizer], job.top, control))).reports;
      return { corpusDirectory, report: report! };
    }
    case "directory-names":
      return directoryNames(job, control);
    case "compare":
      return compareReports((await scanCorpus(job.corpus, scanOptions(job, job.tokenizers, Infinity, control))).reports, job.top);
    case "expansion": {
      const split = (side: SplitSide) => () => readDocuments(job.corpus, { split: side });
      const tokenizer = await loadTokenizer(job.tokenizer, { base: directory });
      return assessExpansion(tokenizer, { train: split("train"), heldOut: split("held-out"), ...control });
    }
  }
}

async function harvestHere(place: JobPlace, control: JobControl): Promise<HarvestResult> {
  return (await harvestRepository({ ...place, configFile: configurationFileOf(place.midtrain) }, control)).result;
}

function scanOptions(place: JobPlace, tokenizers: readonly string[], top: number, control: JobControl): ScanOptions {
  const { directory, midtrain, config } = place;
  const ignore = config.fragmentation?.ignore ?? [];
  return { tokenizers: tokenizers.map((spec) => ({ spec, base: directory })), midtrain, ignore, top, ...control };
}

async function directoryNames(job: Extract<EngineJob, { job: "directory-names" }>, control: JobControl): Promise<FragmentationReport> {
  const { directory, config, corpus, under, top } = job;
  const tokenizer = await loadTokenizer(job.tokenizer, { base: directory });
  const documents = readDocuments(corpus, { path: (path) => path.startsWith(`${under}/`) });
  return fragmentationReport(documents, tokenizer, { top, ignore: config.fragmentation?.ignore ?? [], ...control });
}

/** Runs a job in a worker thread of its own; cancelling ends within a second, by force if the job does not listen. */
export function engineJob<J extends EngineJob>(job: J, control: JobControl): Promise<EngineJobResults[J["job"]]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(bundledFile("engine-worker.js"), { workerData: job });
    let force: NodeJS.Timeout | undefined;
    const settle = (act: () => void): void => {
      clearTimeout(force);
      control.signal.removeEventListener("abort", onAbort);
      act();
      void worker.terminate();
    };
    const onAbort = (): void => {
      worker.postMessage("cancel");
      force = setTimeout(() => settle(() => reject(cancelled(job.job))), 1000);
    };
    worker.on("message", (message: WorkerMessage) => {
      if (message.type === "progress") control.onProgress(message.progress);
      else if (message.type === "result") settle(() => resolve(message.result as EngineJobResults[J["job"]]));
      else settle(() => reject(rebuilt(message.error)));
    });
    worker.on("error", (error) => settle(() => reject(error)));
    worker.on("exit", () => settle(() => reject(control.signal.aborted ? cancelled(job.job) : endedEarly(job.job))));
    if (control.signal.aborted) onAbort();
    else control.signal.addEventListener("abort", onAbort, { once: true });
  });
}

function endedEarly(job: string): MidtrainError {
  return new MidtrainError({
    reason: "internal",
    message: `The work (${job}) ended without a result.`,
    next: "Try again; the log says more.",
  });
}

function rebuilt({ reason, message, where, next }: Extract<WorkerMessage, { type: "error" }>["error"]): MidtrainError {
  return new MidtrainError({ reason, message, ...(where === undefined ? {} : { where }), ...(next === undefined ? {} : { next }) });
}
