/** The part of `midtrain doctor` that the torch executor needs: its Python environment and the GPUs. */
import { bytes, plural } from "@midtrain/protocol/words";
import { environmentSize, installEnvironment, lookAtEnvironment, lookForGpus, planInstall, type InstallPlan } from "../backends";
import { trainerLock } from "../config";
import { interpreterVariable } from "../executors";
import { toolVersion } from "../platform/version";
import type { Invocation } from "./command";
import type { Finding } from "./doctor";

const busyFrom = 50;

/** Says what will be made, and makes it. Ctrl-C stops it; run again, it goes on. */
export async function makeEnvironment(invocation: Invocation, python: string | undefined): Promise<void> {
  const { signal, onProgress } = invocation;
  const options = { lockFile: trainerLock(), python, tool: toolVersion, signal, onProgress };
  const plan = await planInstall(options);
  invocation.print(planText(plan));
  const interpreter = await installEnvironment(plan, options);
  invocation.endProgress();
  invocation.print(`Made. Its Python is ${interpreter.executable}\n`);
}

function planText({ directory, python, uv, repairs, freeBytes }: InstallPlan): string {
  const { downloadBytes, diskBytes } = environmentSize;
  return [
    `${repairs ? "Repairing" : "Making"} the training environment in ${directory}`,
    `  Python ${python.version} (${python.executable}), packages by ${uv === undefined ? "a uv that is fetched first" : "your uv"}, each checked against its hash`,
    `  up to ${bytes(downloadBytes)} to download, ${bytes(diskBytes)} on disk (Linux with CUDA; less elsewhere); ${bytes(freeBytes)} are free`,
    "  Ctrl-C stops it; what was fetched is kept.",
  ].join("\n");
}

export async function environmentFinding(python: string | undefined, signal: AbortSignal): Promise<Finding> {
  const chosen = python ?? (process.env[interpreterVariable] || undefined);
  const look = await lookAtEnvironment(trainerLock(), chosen, signal);
  const what = "torch";
  switch (look.kind) {
    case "ready": {
      const { torch, transformers } = look.interpreter.packages;
      const found = `torch ${torch}, transformers ${transformers}, Python ${look.interpreter.version} (${look.interpreter.executable})`;
      return { what, state: "ok", found, next: null };
    }
    case "absent":
      return {
        what,
        state: "optional",
        found: "no training environment yet; only --executor torch needs one",
        next: "midtrain doctor --install",
      };
    case "broken":
      return { what, state: "warning", found: `${look.why} ${look.directory}`, next: "midtrain doctor --install repairs it." };
    case "unsuitable":
      return {
        what,
        state: "warning",
        found: `${look.program}: ${look.why}`,
        next: "Choose another interpreter, or let midtrain doctor --install make an environment.",
      };
  }
}

export async function gpuFinding(signal: AbortSignal): Promise<Finding> {
  const look = await lookForGpus(signal);
  if (look.kind === "none") return { what: "gpu", state: "optional", found: look.why, next: null };
  const names = look.gpus.map(({ name, totalBytes, freeBytes }) => `${name}, ${bytes(freeBytes)} of ${bytes(totalBytes)} free`);
  const found = `${plural(look.gpus.length, "GPU")}, driver ${look.driver}: ${names.join("; ")}`;
  const busy = look.gpus.filter(({ busyPercent }) => (busyPercent ?? 0) >= busyFrom);
  if (busy.length === 0) return { what: "gpu", state: "ok", found, next: null };
  return { what: "gpu", state: "warning", found, next: `GPU ${busy.map(({ index }) => index).join(", ")} is busy with other work.` };
}
