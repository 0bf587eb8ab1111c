/** Variables of the worker's process: no network, no telemetry, nothing of the user's site-packages. */
import { readFileSync } from "node:fs";

/** Offline switches of the libraries that the worker imports; whoever wants a download makes it before the run. */
export const offline = {
  HF_HUB_OFFLINE: "1",
  TRANSFORMERS_OFFLINE: "1",
  HF_DATASETS_OFFLINE: "1",
  HF_HUB_DISABLE_TELEMETRY: "1",
  HF_HUB_DISABLE_PROGRESS_BARS: "1",
  DISABLE_TELEMETRY: "1",
  DO_NOT_TRACK: "1",
  WANDB_MODE: "disabled",
} as const;

/**
 * The CPU library's switch for equal bits whatever the number of threads, with the widest instructions that this machine has: without
 * it a resume with other threads would differ. Measured without cost with AVX-512.
 */
export function equalProducts(cpuinfo: string): Record<string, string> {
  if (/\bavx512f\b/.test(cpuinfo)) return { MKL_CBWR: "AVX512,STRICT" };
  return /\bavx2\b/.test(cpuinfo) ? { MKL_CBWR: "AVX2,STRICT" } : {};
}

function cpuinfo(): string {
  try {
    return readFileSync("/proc/cpuinfo", "utf8");
  } catch {
    return "";
  }
}

/** @param trainer directory that holds the package midtrain_trainer */
export function childEnvironment(trainer: string, environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...equalProducts(cpuinfo()),
    // Threads that wait by spinning take the time of whatever else the machine does: measured eight times slower beside other work.
    OMP_WAIT_POLICY: "PASSIVE",
    ...environment,
    ...offline,
    PYTHONPATH: trainer,
    PYTHONUNBUFFERED: "1",
    PYTHONNOUSERSITE: "1",
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONIOENCODING: "utf-8",
    TOKENIZERS_PARALLELISM: "false",
  };
}
