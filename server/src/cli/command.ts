/** What every command of `midtrain` shares: options, results on stdout, progress on stderr, exit codes (shared/CONTRACTS §2). */
import { Option, type Command } from "commander";
import { MidtrainError, describeError, exitCodeOf } from "@midtrain/protocol/errors";
import type { MidtrainConfig } from "@midtrain/protocol/config";
import type { OnProgress } from "@midtrain/protocol/progress";
import { interpreterVariable } from "../executors";
import { anchoredSpec, loadConfig, midtrainDirectory, requireDirectory } from "../config";
import { terminalProgress, type TerminalProgress } from "./terminal-progress";

export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly config?: string;
  readonly out?: string;
  readonly seed?: number;
  readonly model?: string;
  readonly tokenizer?: string;
  readonly executor?: "onnx" | "torch";
  readonly python?: string;
  readonly budget?: string;
  readonly risk?: "careful" | "normal" | "bold";
}

export interface Invocation {
  readonly options: CommonOptions;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  /** Clears the progress line, so that a result does not stand on it. */
  endProgress(): void;
  /** Human text to stdout; nothing with --json. */
  print(text: string): void;
  /** The one JSON document of --json; nothing without it. */
  document(value: unknown): void;
}

/** Where a command works: directory, configuration with flags laid over it, `.midtrain/`. */
export interface Workplace {
  readonly directory: string;
  readonly configFile: string | undefined;
  readonly config: MidtrainConfig;
  readonly midtrain: string;
}

/** Resolves the working directory. Precedence: flag, then midtrain.jsonc, then default. A path in a flag is meant from the working directory. */
export function workplaceOf(directory: string | undefined, options: CommonOptions): Workplace {
  // The controller is started by this process and inherits the choice; a repository's files have no say in it.
  if (options.python !== undefined) process.env[interpreterVariable] = anchoredSpec(options.python, process.cwd());
  const place = requireDirectory(directory ?? ".");
  const loaded = loadConfig(place, options.config);
  const flags = Object.fromEntries([
    ...(["executor", "risk", "seed", "budget"] as const).flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]])),
    ...(["model", "tokenizer"] as const).flatMap((key) =>
      options[key] === undefined ? [] : [[key, anchoredSpec(options[key], process.cwd())]],
    ),
  ]);
  return {
    directory: place,
    configFile: loaded.file,
    config: { ...loaded.config, ...flags },
    midtrain: midtrainDirectory(place, loaded.file, options.out),
  };
}

const optionTable = {
  model: () => new Option("--model <path>", "base model: a directory in Hugging Face layout or a name in the Hugging Face cache"),
  tokenizer: () => new Option("--tokenizer <spec>", "tokenizer.json, directory, Hugging Face cache name, or tiktoken:NAME"),
  executor: () => new Option("--executor <name>", "what computes the steps (by default what suits the model)").choices(["onnx", "torch"]),
  python: () => new Option("--python <program>", "interpreter of the torch executor, instead of MIDTRAIN_PYTHON"),
  budget: () => new Option("--budget <budget>", "training budget: 4m, 90s, 1h or 200000tok").argParser(parseBudgetText),
  risk: () => new Option("--risk <risk>", "one dial").choices(["careful", "normal", "bold"]),
  seed: () => new Option("--seed <n>", "seed of split, plan and executor").argParser(parseSeed),
  config: () => new Option("--config <file>", "configuration file instead of the nearest midtrain.jsonc"),
  out: () => new Option("--out <dir>", "directory instead of .midtrain/"),
  json: () => new Option("--json", "print exactly one JSON document"),
  quiet: () => new Option("--quiet", "no progress"),
} as const;
export type OptionName = keyof typeof optionTable;

/** Adds shared options to a command; --json and --quiet always. */
export function withOptions(command: Command, ...names: readonly OptionName[]): Command {
  for (const name of [...names, "json", "quiet"] as const) command.addOption(optionTable[name]());
  return command;
}

/**
 * Wraps the body of a command: progress, Ctrl-C, errors, exit code.
 * The body returns the exit code it wants (undefined: 0).
 */
export function action<A extends readonly unknown[]>(
  body: (invocation: Invocation, ...args: A) => Promise<number | undefined | void>,
): (...args: unknown[]) => Promise<void> {
  return async (...args) => {
    const command = args[args.length - 1] as Command;
    const options = command.opts<CommonOptions>();
    const progress = terminalProgress({ stream: process.stderr, quiet: options.quiet === true });
    const abort = new AbortController();
    const release = onInterrupt(abort);
    try {
      const code = await body(invocationOf(options, abort.signal, progress), ...(args.slice(0, -2) as unknown as A));
      process.exitCode = code ?? 0;
    } catch (error) {
      progress.end();
      process.exitCode = exitCodeOf(error);
      reportError(error, options);
    } finally {
      progress.end();
      release();
    }
  };
}

function invocationOf(options: CommonOptions, signal: AbortSignal, progress: TerminalProgress): Invocation {
  return {
    options,
    signal,
    onProgress: progress.update,
    endProgress: progress.end,
    print: (text) => {
      progress.end();
      if (!options.json) process.stdout.write(printable(text.endsWith("\n") ? text : `${text}\n`));
    },
    document: (value) => {
      progress.end();
      if (options.json) process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
    },
  };
}

/** The first Ctrl-C asks, the second kills. */
function onInterrupt(abort: AbortController): () => void {
  const handler = (): void => {
    if (abort.signal.aborted) process.exit(130);
    abort.abort();
  };
  process.on("SIGINT", handler);
  process.on("SIGTERM", handler);
  return () => {
    process.off("SIGINT", handler);
    process.off("SIGTERM", handler);
  };
}

function reportError(error: unknown, options: CommonOptions): void {
  if (options.json) {
    const details = MidtrainError.is(error)
      ? { reason: error.reason, where: error.where ?? null, next: error.next ?? null }
      : { reason: "internal", where: null, next: null };
    process.stdout.write(
      `${JSON.stringify({ error: { message: error instanceof Error ? error.message : String(error), ...details } }, undefined, 2)}\n`,
    );
  }
  process.stderr.write(printable(`midtrain: ${describeError(error)}\n`));
  if (!MidtrainError.is(error) && error instanceof Error && process.env["MIDTRAIN_DEBUG"]) process.stderr.write(`${error.stack ?? ""}\n`);
}

/** Paths, names and what a broken file holds are shown; what in them would steer a terminal is written out. */
function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, (sign) => `\\x${sign.codePointAt(0)!.toString(16).padStart(2, "0")}`);
}

function parseSeed(text: string): number {
  if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  throw new MidtrainError({ reason: "usage", message: `--seed ${text} is not a whole number.`, next: "Give a whole number from 0 on." });
}

function parseBudgetText(text: string): string {
  if (/^\d+(\.\d+)?(s|m|h|tok)$/.test(text)) return text;
  throw new MidtrainError({
    reason: "usage",
    message: `--budget ${text} is not a budget.`,
    next: "Give a time (4m, 90s, 1h) or tokens (200000tok).",
  });
}
