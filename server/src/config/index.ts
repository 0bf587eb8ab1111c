export { loadConfig, parseConfig, type LoadedConfig } from "./load-config";
export { anchoredSpec, ensureMidtrainDirectory, midtrainDirectory, requireDirectory } from "./places";
export { bundledFile, embeddedBaseDirectory, trainerDirectory, trainerLock } from "./installation";
