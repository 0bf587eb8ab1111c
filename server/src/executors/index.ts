/** Door of the executors: the embedded one (onnxruntime on the CPU) with the model files it reads and writes, and torch in Python. */
export { createExecutor, type CreateExecutorOptions } from "./create-executor";
export { createOnnxExecutor } from "./onnx-executor";
export { createTorchExecutor, torchCapabilities, type TorchExecutorOptions } from "./torch/torch-executor";
export {
  environmentDirectory,
  finishedFor,
  interpreterOf,
  lockHash,
  managedInterpreter,
  markerFile,
  markerText,
} from "./torch/managed-environment";
export { interpreterVariable, trainingInterpreter } from "./torch/interpreter";
export { InThreadExecutor } from "./in-thread-executor";
export { SafetensorsFile } from "./safetensors";
export { convertModel, initializeModel } from "./model-files";
export { hasGpu, modelContext } from "./model-context";
export { countParameters, executorsFor } from "./model-size";
export { readModelConfig, type DecoderConfig, type RawConfig } from "./model-config";
export { requireNativePart, requireRuntime } from "./load-runtime";
