/** The requests of protocol/language-server.ts: long ones with work-done progress and cancellation. */
import { WorkDoneProgress, type CancellationToken, type Connection, type WorkDoneProgressBegin } from "vscode-languageserver";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { ServerRequests } from "@midtrain/protocol/language-server";
import type { OnProgress } from "@midtrain/protocol/progress";
import { count } from "@midtrain/protocol/words";
import { readDocuments } from "../corpus";
import { termOccurrences } from "../identifiers";
import { launchRun, listRuns, readRunView, sendCommand, writeReport } from "../training";
import { corpusHandlers } from "./corpus-requests";
import { CorpusIndexes } from "./corpus-index";
import { corpusView } from "./corpus-view";
import { editorTokenizer } from "./editor-settings";
import { engineJob, type JobPlace } from "./engine-jobs";
import { newestCorpus, type RepositoryReports } from "./repository-report";
import { tokenizerChoices } from "./tokenizer-choices";
import { environmentHandlers } from "./environment-requests";
import { asResponseError } from "./server-errors";

export interface RequestServices {
  readonly connection: Connection;
  readonly reports: RepositoryReports;
  /** Configuration and place of a folder. */
  place(directory: string): JobPlace;
  /** Resolves once the settings are those that the editor has now. */
  latestSettings(): Promise<void>;
  trusted(): boolean;
  watch(midtrain: string): void;
}

interface JobControl {
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** Those about open documents are registered beside them. */
type EngineMethod = Exclude<keyof ServerRequests, "midtrain/fileFragmentation" | "midtrain/shownTokens" | "midtrain/editedLines">;
type Handlers = {
  readonly [M in EngineMethod]: (params: ServerRequests[M]["params"], control: JobControl) => Promise<ServerRequests[M]["result"]>;
};

/** Terms that a panel ranks; the hover's index keeps more. */
const rankedTerms = 2000;
/** The costliest names of each tokenizer that stand side by side. */
const comparedTerms = 100;

export function registerEngineRequests(services: RequestServices): void {
  const handlers = engineHandlers(services);
  for (const [method, handle] of Object.entries(handlers)) {
    services.connection.onRequest(method, async (params: { readonly workDoneToken?: string | number }, token: CancellationToken) => {
      const control = jobControl(services.connection, params.workDoneToken, token);
      try {
        await services.latestSettings();
        return await (handle as (params: unknown, control: JobControl) => Promise<unknown>)(params, control);
      } catch (error) {
        return asResponseError(error);
      } finally {
        control.end();
      }
    });
  }
}

function engineHandlers(services: RequestServices): Handlers {
  const { reports, place, trusted } = services;
  const indexes = new CorpusIndexes();
  const requireTrust = (): void => {
    if (!trusted())
      throw new MidtrainError({ reason: "environment", message: "This workspace is not trusted.", next: "Trust it to harvest and train." });
  };
  return {
    "midtrain/harvest": async ({ directory }, control) => {
      requireTrust();
      const where = place(directory);
      const result = await engineJob({ ...where, job: "harvest" }, control);
      return corpusView(await indexes.of(result.directory, where));
    },
    "midtrain/corpus": async ({ directory }) => {
      const index = await indexes.newest(place(directory));
      return index === undefined ? null : corpusView(index);
    },
    "midtrain/checkCorpus": async ({ directory }, control) => {
      requireTrust();
      const where = place(directory);
      const corpus = newestCorpus(where.midtrain);
      return corpus === undefined ? null : engineJob({ ...where, job: "check", corpus }, control);
    },
    ...corpusHandlers(indexes, place, requireTrust),
    "midtrain/fragmentationReport": async ({ directory }, control) => {
      requireTrust();
      const where = place(directory);
      const report = await reports.make(where, editorTokenizer(where.config), control);
      return { ...report, top: report.top.slice(0, rankedTerms) };
    },
    ...nameHandlers(services, requireTrust),
    ...environmentHandlers(requireTrust),
    "midtrain/tokenizers": async ({ directory }) => tokenizerChoices(place(directory)),
    "midtrain/termOccurrences": async ({ directory, term, limit }) => {
      const corpus = newestCorpus(place(directory).midtrain);
      return corpus === undefined ? [] : termOccurrences(readDocuments(corpus), term, limit, directory);
    },
    ...runHandlers(services, requireTrust),
  };
}

type NameMethod = "midtrain/directoryNames" | "midtrain/compareTokenizers" | "midtrain/assessExpansion";

function nameHandlers({ place }: RequestServices, requireTrust: () => void): Pick<Handlers, NameMethod> {
  /** On the newest corpus; null where there is none. */
  const onCorpus = async <T>(directory: string, run: (where: JobPlace & { corpus: string; tokenizer: string }) => Promise<T>) => {
    requireTrust();
    const where = place(directory);
    const corpus = newestCorpus(where.midtrain);
    return corpus === undefined ? null : run({ ...where, corpus, tokenizer: editorTokenizer(where.config) });
  };
  return {
    "midtrain/directoryNames": ({ directory, under }, control) =>
      onCorpus(directory, (where) => engineJob({ ...where, job: "directory-names", under, top: rankedTerms }, control)),
    "midtrain/compareTokenizers": ({ directory, tokenizers }, control) =>
      onCorpus(directory, ({ tokenizer, ...where }) =>
        engineJob({ ...where, job: "compare", tokenizers: [...new Set([tokenizer, ...tokenizers])], top: comparedTerms }, control),
      ),
    "midtrain/assessExpansion": ({ directory }, control) =>
      onCorpus(directory, (where) => engineJob({ ...where, job: "expansion" }, control)),
  };
}

type RunMethod = "midtrain/startRun" | "midtrain/stopRun" | "midtrain/resumeRun" | "midtrain/runs" | "midtrain/runView" | "midtrain/report";

function runHandlers({ place, watch }: RequestServices, requireTrust: () => void): Pick<Handlers, RunMethod> {
  return {
    "midtrain/startRun": async ({ directory }, control) => {
      requireTrust();
      const where = place(directory);
      const prepared = await engineJob({ ...where, job: "prepare" }, control);
      launchRun(prepared.directory);
      watch(where.midtrain);
      return prepared;
    },
    "midtrain/stopRun": async ({ runDirectory }) => {
      sendCommand(runDirectory, { command: "stop", from: "editor" });
      return null;
    },
    "midtrain/resumeRun": async ({ runDirectory }) => {
      requireTrust();
      launchRun(runDirectory);
      return null;
    },
    "midtrain/runs": async ({ directory }) => {
      const { midtrain } = place(directory);
      watch(midtrain);
      return [...listRuns(midtrain).runs].reverse();
    },
    "midtrain/runView": async ({ runDirectory }) => readRunView(runDirectory),
    "midtrain/report": async ({ runDirectory }) => ({ file: writeReport(runDirectory) }),
  };
}

/** Progress and cancellation of one request; `end` closes the progress on every path. */
function jobControl(
  connection: Connection,
  workDoneToken: string | number | undefined,
  token: CancellationToken,
): JobControl & { end(): void } {
  const abort = new AbortController();
  token.onCancellationRequested(() => abort.abort());
  if (token.isCancellationRequested) abort.abort();
  if (workDoneToken === undefined) return { signal: abort.signal, onProgress: () => undefined, end: () => undefined };
  const report = (value: WorkDoneProgressBegin | { kind: "report"; message: string } | { kind: "end" }): void =>
    void connection.sendProgress(WorkDoneProgress.type, workDoneToken, value);
  report({ kind: "begin", title: "Midtrain", cancellable: true });
  return {
    signal: abort.signal,
    onProgress: (progress) => {
      const figures =
        progress.total === undefined
          ? ""
          : ` ${count(progress.done ?? 0)}/${count(progress.total)}${progress.unit ? ` ${progress.unit}` : ""}`;
      report({ kind: "report", message: `${progress.message}${figures}` });
    },
    end: () => report({ kind: "end" }),
  };
}
