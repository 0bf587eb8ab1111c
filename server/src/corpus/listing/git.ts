import { spawn } from "node:child_process";
import { MidtrainError } from "@midtrain/protocol/errors";
import { cancelled } from "../../platform/cancellation";

export interface GitOutput {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Thrown when there is no git program at all. */
export class GitMissing extends Error {}

/** Variables of a surrounding git process (a hook, a rebase) that would point our git at another repository. */
const inheritedGitVariables = [
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_OBJECT_DIRECTORY",
  "GIT_NAMESPACE",
  "GIT_PREFIX",
  "GIT_LITERAL_PATHSPECS",
  "GIT_GLOB_PATHSPECS",
  "GIT_NOGLOB_PATHSPECS",
  "GIT_ICASE_PATHSPECS",
];

function gitEnvironment(): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env };
  for (const name of inheritedGitVariables) delete environment[name];
  return {
    ...environment,
    LC_ALL: "C",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    GIT_NO_LAZY_FETCH: "1",
  };
}

/**
 * Runs git with an argument array, never a shell. `core.fsmonitor` is switched off because its value is a program of the repository's choosing.
 * @throws GitMissing without a git program; MidtrainError (cancelled) when the signal fires, after killing git.
 */
export function runGit(
  directory: string,
  args: readonly string[],
  options: { input?: Buffer; signal?: AbortSignal | undefined } = {},
): Promise<GitOutput> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", ["-c", "core.fsmonitor=false", "-c", "core.quotePath=false", ...args], {
      cwd: directory,
      env: gitEnvironment(),
      stdio: ["pipe", "pipe", "pipe"],
      windowsHide: true,
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    const abort = (): void => {
      child.kill();
      reject(cancelled("harvest"));
    };
    options.signal?.addEventListener("abort", abort, { once: true });
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on("error", () => undefined);
    child.on("error", (error: NodeJS.ErrnoException) => {
      options.signal?.removeEventListener("abort", abort);
      reject(error.code === "ENOENT" ? new GitMissing("There is no git program on this machine.") : error);
    });
    child.on("close", (code) => {
      options.signal?.removeEventListener("abort", abort);
      resolve({ code: code ?? 1, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString("utf8").trim() });
    });
    if (options.signal?.aborted) abort();
    child.stdin.end(options.input);
  });
}

/** Like runGit, but an exit code other than zero is an error in git's own words. */
export async function requireGit(
  directory: string,
  args: readonly string[],
  options: { input?: Buffer; signal?: AbortSignal | undefined } = {},
): Promise<Buffer> {
  const output = await runGit(directory, args, options);
  if (output.code === 0) return output.stdout;
  const command = args.find((argument) => !argument.startsWith("-")) ?? "";
  throw new MidtrainError({
    reason: "environment",
    message: `git ${command} failed: ${output.stderr || `exit code ${output.code}`}`,
    where: directory,
    next: "Run `git status` there, repair what it names, and harvest again.",
  });
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
