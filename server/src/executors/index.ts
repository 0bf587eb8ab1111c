/** Door of the executors: the embedded one (onnxruntime on the CPU) and the model files it reads and writes. */
export { createOnnxExecutor } from "./onnx-executor";
export { InThreadExecutor } from "./in-thread-executor";
export { convertModel, initializeModel } from "./model-files";
export { readModelConfig, type DecoderConfig, type RawConfig } from "./model-config";
export { requireNativePart, requireRuntime } from "./load-runtime";
