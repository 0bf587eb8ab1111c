export { configFileName, findConfigFile, loadConfig, parseConfig, type LoadedConfig } from "./load-config";
export { ensureMidtrainDirectory, gitRoot, midtrainDirectory, requireDirectory } from "./places";
export { bundledFile, embeddedBaseDirectory } from "./installation";
