/** Variables of the worker's process: no network, no telemetry, nothing of the user's site-packages. */

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

/** @param trainer directory that holds the package midtrain_trainer */
export function childEnvironment(trainer: string, environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
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
