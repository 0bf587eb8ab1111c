export { loadConfig, parseConfig, type LoadedConfig } from "./load-config";
export { ensureMidtrainDirectory, midtrainDirectory, requireDirectory } from "./places";
export { bundledFile, embeddedBaseDirectory } from "./installation";
