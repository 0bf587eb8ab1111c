/** Keys of configuration files, each with the path of keys that leads to it. */
import { jsonKeys } from "./json-keys";
import type { ConfigKeys } from "./key-collector";
import { dotenvKeys, iniKeys, xmlKeys } from "./line-keys";
import { tomlKeys } from "./toml-keys";
import { yamlKeys } from "./yaml-keys";

const readers: ReadonlyMap<string, (text: string) => ConfigKeys> = new Map([
  ["json", jsonKeys],
  ["jsonc", jsonKeys],
  ["yaml", yamlKeys],
  ["toml", tomlKeys],
  ["ini", iniKeys],
  ["dotenv", dotenvKeys],
  ["xml", xmlKeys],
]);

/** Undefined for languages that are no configuration. */
export function readConfigKeys(text: string, language: string): ConfigKeys | undefined {
  return readers.get(language)?.(text);
}
