/** The training environment and the models of this machine, as the editor asks for them. */
import type { ServerRequests } from "@midtrain/protocol/language-server";
import { describeError } from "@midtrain/protocol/errors";
import type { OnProgress } from "@midtrain/protocol/progress";
import type { EnvironmentView } from "@midtrain/protocol/training-environment";
import { bytes, plural } from "@midtrain/protocol/words";
import {
  chooseDevice,
  environmentSize,
  installEnvironment,
  listModels,
  lookAtEnvironment,
  lookForGpus,
  planInstall,
  withFit,
  type GpuLook,
  type TrainingEnvironment,
} from "../backends";
import { trainerLock } from "../config";
import { interpreterVariable } from "../executors";
import { toolVersion } from "../platform/version";

type EnvironmentMethod = "midtrain/environment" | "midtrain/installEnvironment" | "midtrain/models";

interface JobControl {
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

type EnvironmentHandlers = {
  readonly [M in EnvironmentMethod]: (params: ServerRequests[M]["params"], control: JobControl) => Promise<ServerRequests[M]["result"]>;
};

/** The interpreter that the user chose for this machine, in a setting or a variable. */
function chosenInterpreter(): string | undefined {
  return process.env[interpreterVariable] || undefined;
}

export function environmentHandlers(requireTrust: () => void): EnvironmentHandlers {
  return {
    "midtrain/environment": async (_params, { signal }) => {
      requireTrust();
      return environmentView(signal);
    },
    "midtrain/installEnvironment": async (_params, control) => {
      requireTrust();
      const options = { lockFile: trainerLock(), tool: toolVersion, ...control };
      await installEnvironment(await planInstall(options), options);
      return environmentView(control.signal);
    },
    "midtrain/models": async ({ folders }, { signal }) => {
      const { place } = await chooseDevice(signal);
      return withFit(listModels(folders), place);
    },
  };
}

async function environmentView(signal: AbortSignal): Promise<EnvironmentView> {
  const [look, gpus] = await Promise.all([lookAtEnvironment(trainerLock(), chosenInterpreter(), signal), lookForGpus(signal)]);
  const view = { state: look.kind, words: environmentWords(look), gpus: gpuWords(gpus) };
  if (look.kind === "ready") return view;
  try {
    const { directory, python, repairs, freeBytes } = await planInstall({ lockFile: trainerLock(), tool: toolVersion, signal });
    const words = `${repairs ? "Repairs" : "Makes"} ${directory} with Python ${python.version}: up to ${bytes(environmentSize.downloadBytes)} to download, ${bytes(environmentSize.diskBytes)} on disk; ${bytes(freeBytes)} are free.`;
    return { ...view, plan: { words } };
  } catch (error) {
    return { ...view, obstacle: describeError(error) };
  }
}

function environmentWords(look: TrainingEnvironment): string {
  switch (look.kind) {
    case "ready": {
      const { version, executable, packages } = look.interpreter;
      return `torch ${packages["torch"]} and transformers ${packages["transformers"]} on Python ${version} (${executable}).`;
    }
    case "absent":
      return "There is no training environment yet. The embedded executor needs none; real models do.";
    case "broken":
      return `The training environment is not whole. ${look.why}`;
    case "unsuitable":
      return `The chosen interpreter ${look.program} cannot train. ${look.why}`;
  }
}

function gpuWords(look: GpuLook): string {
  if (look.kind === "none") return look.why;
  const each = look.gpus.map(({ name, freeBytes, totalBytes }) => `${name} (${bytes(freeBytes)} of ${bytes(totalBytes)} free)`);
  return `${plural(look.gpus.length, "GPU")}: ${each.join(", ")}`;
}
