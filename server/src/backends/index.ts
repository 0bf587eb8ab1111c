/** Door of the backends: where a run lives. Local: its Python environment, GPUs and models. */
export { chooseDevice, type DeviceChoice } from "./local/device-choice";
export { lookForGpus, type Gpu, type GpuLook } from "./local/gpus";
export { environmentSize, installEnvironment, planInstall, type InstallPlan } from "./local/install-environment";
export { localPreflight } from "./local/local-preflight";
export { withFit } from "./local/model-fit";
export { listModels } from "./local/model-list";
export { lookAtEnvironment, type TrainingEnvironment } from "./local/training-environment";
