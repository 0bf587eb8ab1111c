import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync } from "node:fs";
import { MidtrainError } from "@midtrain/protocol/errors";
import { cancelled } from "../../platform/cancellation";

export interface GitOutput {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Thrown when there is no git program at all. */
export class GitMissing extends Error {}

export interface GitOptions {
  readonly input?: Buffer | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Configuration of this one process; keys may hold any character. */
  readonly config?: readonly (readonly [key: string, value: string])[] | undefined;
}

/** Variables of a surrounding git process (a hook, a rebase, an editor's shell) that would point our git at another repository or index. */
const inheritedGitVariables = [
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_COMMON_DIR",
  "GIT_OBJECT_DIRECTORY",
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_NAMESPACE",
  "GIT_PREFIX",
  "GIT_IMPLICIT_WORK_TREE",
  "GIT_INTERNAL_SUPER_PREFIX",
  "GIT_SHALLOW_FILE",
  "GIT_GRAFT_FILE",
  "GIT_REPLACE_REF_BASE",
  "GIT_ATTR_SOURCE",
  "GIT_CONFIG",
  "GIT_CONFIG_PARAMETERS",
  "GIT_LITERAL_PATHSPECS",
  "GIT_GLOB_PATHSPECS",
  "GIT_NOGLOB_PATHSPECS",
  "GIT_ICASE_PATHSPECS",
];

/** Locks nothing, asks nothing, and fetches nothing: neither a missing object of a partial clone nor anything else. */
function gitEnvironment(config: NonNullable<GitOptions["config"]>): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env };
  for (const name of inheritedGitVariables) delete environment[name];
  Object.assign(environment, {
    LC_ALL: "C",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    GIT_NO_LAZY_FETCH: "1",
    GIT_ALLOW_PROTOCOL: "none",
  });
  if (config.length === 0) return environment;
  const before = Number.parseInt(environment["GIT_CONFIG_COUNT"] ?? "0", 10) || 0;
  config.forEach(([key, value], at) => {
    environment[`GIT_CONFIG_KEY_${before + at}`] = key;
    environment[`GIT_CONFIG_VALUE_${before + at}`] = value;
  });
  environment["GIT_CONFIG_COUNT"] = String(before + config.length);
  return environment;
}

function startGit(directory: string, args: readonly string[], options: GitOptions): ChildProcessWithoutNullStreams {
  return spawn("git", ["-c", "core.fsmonitor=false", "-c", "core.quotePath=false", ...args], {
    cwd: directory,
    env: gitEnvironment(options.config ?? []),
    stdio: ["pipe", "pipe", "pipe"],
    windowsHide: true,
  });
}

/** Node reports a missing working directory in the words of a missing program. */
function spawnError(error: NodeJS.ErrnoException, directory: string): Error {
  if (error.code !== "ENOENT") return error;
  if (existsSync(directory)) return new GitMissing("There is no git program on this machine.");
  return new MidtrainError({
    reason: "input",
    message: "The directory went away while it was being listed.",
    where: directory,
    next: "Run it again.",
  });
}

/**
 * Runs git and hands its output on as it comes. Resolves to the exit code and the error text.
 * @throws GitMissing without a git program; MidtrainError (cancelled) when the signal fires, after killing git; what `onOutput` throws.
 */
export function streamGit(
  directory: string,
  args: readonly string[],
  onOutput: (chunk: Buffer) => void,
  options: GitOptions = {},
): Promise<Omit<GitOutput, "stdout">> {
  return new Promise((resolve, reject) => {
    const child = startGit(directory, args, options);
    const stderr: Buffer[] = [];
    const fail = (error: unknown): void => {
      options.signal?.removeEventListener("abort", abort);
      child.kill();
      reject(error);
    };
    const abort = (): void => fail(cancelled("harvest"));
    options.signal?.addEventListener("abort", abort, { once: true });
    child.stdout.on("data", (chunk: Buffer) => {
      try {
        onOutput(chunk);
      } catch (error) {
        fail(error);
      }
    });
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on("error", () => undefined);
    child.on("error", (error: NodeJS.ErrnoException) => fail(spawnError(error, directory)));
    child.on("close", (code) => {
      options.signal?.removeEventListener("abort", abort);
      resolve({ code: code ?? 1, stderr: Buffer.concat(stderr).toString("utf8").trim() });
    });
    if (options.signal?.aborted) abort();
    child.stdin.end(options.input);
  });
}

/**
 * Runs git with an argument array, never a shell. `core.fsmonitor` is switched off because its value is a program of the repository's choosing.
 * @throws like streamGit
 */
export async function runGit(directory: string, args: readonly string[], options: GitOptions = {}): Promise<GitOutput> {
  const stdout: Buffer[] = [];
  const end = await streamGit(directory, args, (chunk) => stdout.push(chunk), options);
  return { ...end, stdout: stdout.length === 1 ? stdout[0]! : Buffer.concat(stdout) };
}

export function gitFailed(directory: string, args: readonly string[], output: Omit<GitOutput, "stdout">): MidtrainError {
  const command = args.find((argument) => !argument.startsWith("-")) ?? "";
  return new MidtrainError({
    reason: "environment",
    message: `git ${command} failed: ${output.stderr || `exit code ${output.code}`}`,
    where: directory,
    next: "Run `git status` there, repair what it names, and harvest again.",
  });
}

/** Like runGit, but an exit code other than zero is an error in git's own words. */
export async function requireGit(directory: string, args: readonly string[], options: GitOptions = {}): Promise<Buffer> {
  const output = await runGit(directory, args, options);
  if (output.code !== 0) throw gitFailed(directory, args, output);
  return output.stdout;
}

/** Splits output of `-z` commands. */
export function splitAtNul(output: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let start = 0;
  for (let end = output.indexOf(0); end >= 0; end = output.indexOf(0, start)) {
    parts.push(output.subarray(start, end));
    start = end + 1;
  }
  return parts;
}
