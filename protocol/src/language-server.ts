/** Requests and notifications beyond LSP between the extension and the language server (plain types; both ends share them). */
import type { CorpusManifest } from "./corpus";
import type { CorpusCheckSummary } from "./corpus-check";
import type {
  ConfigurationEdit,
  CorpusChange,
  CorpusPage,
  CorpusPageQuery,
  CorpusReport,
  CorpusStaleness,
  FileExplanation,
} from "./corpus-view";
import type { ExpansionAssessment, FileFragmentation, FragmentationComparison, FragmentationReport } from "./tokens";
import type { ModelChoice } from "./model-choice";
import type { RunSummary, RunView } from "./run-view";
import type { EnvironmentView } from "./training-environment";

/** method -> parameters and result. Long ones take a workDoneToken and are cancellable. */
export interface ServerRequests {
  "midtrain/harvest": { params: { readonly directory: string; readonly workDoneToken?: string | number }; result: CorpusView };
  "midtrain/corpus": { params: { readonly directory: string }; result: CorpusView | null };
  /** One level of one list of the newest corpus. */
  "midtrain/corpusPage": { params: CorpusPageQuery; result: CorpusPage };
  "midtrain/corpusReport": { params: { readonly directory: string }; result: CorpusReport | null };
  /** Derives the split again from the newest corpus and measures its repetition; null when there is no corpus. */
  "midtrain/checkCorpus": {
    params: { readonly directory: string; readonly workDoneToken?: string | number };
    result: CorpusCheckSummary | null;
  };
  /** Why a file (absolute path) is, or is not, in the corpus. */
  "midtrain/explainFile": { params: { readonly directory: string; readonly file: string }; result: FileExplanation };
  /** The configuration that applies to a directory: where it is, or where a new one belongs, with the text that a new one starts from. */
  "midtrain/configurationFile": {
    params: { readonly directory: string };
    result: { readonly file: string; readonly exists: boolean; readonly template: string };
  };
  /** The edits of a configuration's text that a change asks for; writes nothing. */
  "midtrain/configurationEdit": {
    params: { readonly directory: string; readonly file: string; readonly text: string; readonly change: CorpusChange };
    result: ConfigurationEdit;
  };
  /** How stale the newest corpus is; with `paths` only these (absolute) are looked at again. */
  "midtrain/corpusStaleness": {
    params: { readonly directory: string; readonly paths?: readonly string[] };
    result: CorpusStaleness | null;
  };
  "midtrain/fragmentationReport": {
    params: { readonly directory: string; readonly workDoneToken?: string | number };
    result: FragmentationReport;
  };
  /** The names of one directory (relative to the repository, without a last slash) of the newest corpus; null without a corpus. */
  "midtrain/directoryNames": {
    params: { readonly directory: string; readonly under: string; readonly workDoneToken?: string | number };
    result: FragmentationReport | null;
  };
  /** The editor's tokenizer beside others, on the newest corpus; null without a corpus. */
  "midtrain/compareTokenizers": {
    params: { readonly directory: string; readonly tokenizers: readonly string[]; readonly workDoneToken?: string | number };
    result: FragmentationComparison | null;
  };
  /** Whether new tokens would be worth their price (§6.1, §6.2); null without a corpus. */
  "midtrain/assessExpansion": {
    params: { readonly directory: string; readonly workDoneToken?: string | number };
    result: ExpansionAssessment | null;
  };
  "midtrain/fileFragmentation": { params: { readonly uri: string }; result: FileFragmentation | null };
  /** The tokens that touch a range of an open document; null when it is too large. */
  "midtrain/shownTokens": { params: { readonly uri: string; readonly range: LineRange }; result: ShownTokens | null };
  /** Parts of an open document that changed since it was opened or saved, with their tokens before and after. */
  "midtrain/editedLines": { params: { readonly uri: string }; result: readonly EditedLines[] | null };
  /** Tokenizers that are at hand for a folder, the one in use first. */
  "midtrain/tokenizers": { params: { readonly directory: string }; result: readonly TokenizerChoice[] };
  "midtrain/termOccurrences": {
    params: { readonly directory: string; readonly term: string; readonly limit: number };
    result: readonly TermOccurrence[];
  };
  /** The Python environment of the torch executor, and the GPUs. */
  "midtrain/environment": { params: Record<string, never>; result: EnvironmentView };
  "midtrain/installEnvironment": { params: { readonly workDoneToken?: string | number }; result: EnvironmentView };
  /** Models at hand; `folders` are looked into one level deep. */
  "midtrain/models": { params: { readonly folders: readonly string[] }; result: readonly ModelChoice[] };
  /** Harvests, packs, makes the run directory and starts the detached controller. */
  "midtrain/startRun": {
    params: { readonly directory: string; readonly workDoneToken?: string | number };
    result: { readonly run: string; readonly directory: string };
  };
  "midtrain/stopRun": { params: { readonly runDirectory: string }; result: null };
  "midtrain/resumeRun": { params: { readonly runDirectory: string }; result: null };
  "midtrain/runs": { params: { readonly directory: string }; result: readonly RunSummary[] };
  "midtrain/runView": { params: { readonly runDirectory: string }; result: RunView };
  /** Writes report.html and answers its path. */
  "midtrain/report": { params: { readonly runDirectory: string }; result: { readonly file: string } };
}

/** To the server. */
export interface ClientNotifications {
  /** The user trusted the workspace while the server was running. */
  "midtrain/trustGranted": Record<string, never>;
}

/** From the server: something below `.midtrain/` changed; refetch what is on screen. */
export interface ServerNotifications {
  "midtrain/runsChanged": { readonly directory: string };
  "midtrain/corpusChanged": { readonly directory: string };
}

/** As LSP has it: from 0, in UTF-16 units. */
export interface LineRange {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

export interface ShownTokens {
  /** Name of the tokenizer. */
  readonly tokenizer: string;
  /** Number of the first shown token in the document, from 0. */
  readonly first: number;
  /** Tokens of the whole document. */
  readonly total: number;
  /** Four a token: start line, start character, end line, end character. */
  readonly spans: readonly number[];
}

export interface EditedLines {
  /** First line in the document as it is now, from 0. */
  readonly line: number;
  /** Lines that the part has now; 0 when lines were only removed. */
  readonly lines: number;
  /** Tokens that begin in the part. */
  readonly before: number;
  readonly after: number;
}

export interface TokenizerChoice {
  /** What a setting or --tokenizer takes. */
  readonly specification: string;
  readonly label: string;
  /** Where it comes from, in words. */
  readonly origin: string;
  readonly isCurrent: boolean;
}

export interface TermOccurrence {
  readonly path: string;
  /** Both from 0, in UTF-16 units. */
  readonly line: number;
  readonly character: number;
  readonly preview: string;
}

/** What the corpus tree shows. Paths are relative to the repository; lists are complete up to their limit. */
export interface CorpusView {
  readonly directory: string;
  readonly manifest: CorpusManifest;
  readonly documents: readonly {
    readonly path: string;
    readonly class: string;
    readonly language: string;
    readonly split: string;
    readonly bytes: number;
  }[];
  readonly rejects: readonly { readonly path: string; readonly rule: string; readonly bytes: number; readonly reason: string }[];
  readonly redactions: readonly { readonly path: string; readonly line: number; readonly rule: string }[];
  readonly clusters: readonly {
    readonly survivor: string;
    readonly removed: readonly { readonly path: string; readonly jaccard: number; readonly kind: string }[];
  }[];
}
