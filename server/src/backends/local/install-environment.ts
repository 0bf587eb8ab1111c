/** `midtrain doctor --install`: makes the training environment with uv from the hashed lock. Cancellable; run again, it repairs. */
import { existsSync, mkdirSync, rmSync, statfsSync } from "node:fs";
import { dirname, join } from "node:path";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { OnProgress } from "@midtrain/protocol/progress";
import { bytes } from "@midtrain/protocol/words";
import { environmentDirectory, interpreterOf, lockHash, markerFile, markerText } from "../../executors";
import { writeFileAtomic } from "../../platform/atomic-write";
import { findBaseInterpreter, lookAtInterpreter, type Interpreter } from "./interpreters";
import { pipSettings } from "./pip-settings";
import { runProgram } from "./run-program";

/** Fetched from the package index when the machine has no uv. */
const uvRequirement = "uv>=0.9,<1";

/** Measured on Linux x64 with the CUDA build that the package index gives; other platforms take less. */
export const environmentSize = { downloadBytes: 3.04e9, diskBytes: 5.8e9 } as const;

export interface InstallPlan {
  readonly directory: string;
  readonly python: Interpreter;
  /** A uv on this machine; undefined when one is fetched into the environment first. */
  readonly uv: string | undefined;
  readonly repairs: boolean;
  readonly freeBytes: number;
}

interface InstallOptions {
  readonly lockFile: string;
  /** Interpreter that the environment is made from; found when absent. */
  readonly python?: string | undefined;
  readonly tool: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

type StepOptions = Pick<InstallOptions, "signal" | "onProgress"> & {
  /** Where packages come from, for uv. */
  readonly index?: NodeJS.ProcessEnv;
};

/** What installing will do, before anything is done. @throws MidtrainError (environment) without a suitable Python or the space. */
export async function planInstall({ lockFile, python, signal }: InstallOptions): Promise<InstallPlan> {
  const directory = environmentDirectory(lockHash(lockFile));
  const [base, uv] = await Promise.all([findBaseInterpreter(python, signal), findUv(signal)]);
  const plan = { directory, python: base, uv, repairs: existsSync(directory), freeBytes: freeBytesAt(directory) };
  if (!plan.repairs && plan.freeBytes < environmentSize.diskBytes)
    throw new MidtrainError({
      reason: "environment",
      message: `The training environment needs about ${bytes(environmentSize.diskBytes)}; ${bytes(plan.freeBytes)} are free.`,
      where: directory,
      next: "Free some space, or set MIDTRAIN_CACHE to a directory on a larger disk.",
    });
  return plan;
}

async function findUv(signal?: AbortSignal): Promise<string | undefined> {
  const result = await runProgram("uv", ["--version"], { signal, milliseconds: 10_000 });
  return result?.code === 0 ? "uv" : undefined;
}

/** The nearest directory that exists: the environment's own does not yet. */
function freeBytesAt(directory: string): number {
  let place = directory;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  const { bavail, bsize } = statfsSync(place);
  return bavail * bsize;
}

/** Carries out a plan. @returns the interpreter that can train */
export async function installEnvironment(plan: InstallPlan, options: InstallOptions): Promise<Interpreter> {
  const { directory } = plan;
  const { lockFile, tool, onProgress } = options;
  const lock = lockHash(lockFile);
  rmSync(markerFile(directory), { force: true });
  mkdirSync(dirname(directory), { recursive: true });
  const python = interpreterOf(directory);
  if ((await lookAtInterpreter(python, options.signal)).kind === "no-interpreter") {
    rmSync(directory, { recursive: true, force: true });
    onProgress?.({ stage: "install", message: `making an environment with Python ${plan.python.version}` });
    await step(options, plan.python.executable, ["-m", "venv", "--without-pip", directory], venvRemedy);
  }
  const uv = plan.uv ?? (await ownUv(plan, options));
  const index = plan.uv === undefined ? await pipSettings(plan.python.executable, options.signal) : {};
  const sync = ["pip", "sync", "--require-hashes", "--python", python, lockFile];
  await step(
    { ...options, index },
    uv,
    sync,
    "Look at the last lines above; then run midtrain doctor --install again, it goes on where it stopped.",
  );
  const look = await lookAtInterpreter(python, options.signal);
  if (look.kind !== "ready")
    throw new MidtrainError({
      reason: "environment",
      message: "The environment was made and cannot train.",
      where: directory,
      next: "Remove that directory and run midtrain doctor --install again.",
    });
  writeFileAtomic(markerFile(directory), markerText(lock, tool));
  return look.interpreter;
}

const venvRemedy = "On Debian and Ubuntu: install python3-venv. Or choose another Python with --python PATH.";

/** A uv of its own lies outside the environment, which a sync leaves with what the lock names and nothing else. */
async function ownUv({ directory, python }: InstallPlan, options: InstallOptions): Promise<string> {
  const place = `${directory}-uv`;
  const program = join(dirname(interpreterOf(place)), process.platform === "win32" ? "uv.exe" : "uv");
  if (existsSync(program)) return program;
  options.onProgress?.({ stage: "install", message: "fetching uv, which installs the rest" });
  await step(options, python.executable, ["-m", "venv", place], venvRemedy);
  const remedy = "Is the package index reachable? pip's own settings (index, proxy, certificate) are used.";
  await step(options, interpreterOf(place), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", uvRequirement], remedy);
  return program;
}

async function step(options: StepOptions, program: string, args: readonly string[], next: string): Promise<void> {
  const { signal, onProgress } = options;
  const onLine = (line: string): void => {
    const text = line.trim();
    if (text !== "") onProgress?.({ stage: "install", message: text.slice(0, 120) });
  };
  const environment = { ...process.env, ...options.index, NO_COLOR: "1" };
  const result = await runProgram(program, args, { signal, onLine, stage: "installing", environment });
  if (result?.code === 0) return;
  throw new MidtrainError({
    reason: "environment",
    message: `${[program, ...args.slice(0, 3)].join(" ")} failed${result?.code === undefined ? "" : ` (exit code ${result.code})`}: ${result?.lastWords ?? "it could not be started"}`,
    next,
  });
}
