import { dirname, join } from "node:path";
import { homedir } from "node:os";
import { runGit } from "./git";

/** The configuration of a repository as git resolves it: only what decides something about its files. */
export interface GitConfig {
  /** Does git convert line ends of files without a `text` attribute? */
  readonly autoCrlf: boolean;
  readonly ignoreCase: boolean;
  /** Objects may be missing here and be fetched when asked for. */
  readonly isPartialClone: boolean;
  /** Names of configured filters (`filter.<name>.clean` …): programs of somebody's choosing. */
  readonly filters: readonly string[];
  /** Files that git may read attributes from beside those of the repository; relative to the root of the work tree. */
  readonly attributeFiles: readonly string[];
}

/** `git config --list -z --show-origin` prints `<origin>NUL<key>LF<value>NUL`; the last value of a key counts. */
export async function readGitConfig(directory: string, signal?: AbortSignal): Promise<GitConfig> {
  const output = await runGit(directory, ["config", "--list", "-z", "--show-origin"], { signal });
  const fields = output.stdout.toString("utf8").split("\0");
  const values = new Map<string, string>();
  const origins = new Set<string>();
  for (let at = 0; at + 1 < fields.length; at += 2) {
    origins.add(fields[at]!);
    const [key = "", ...value] = fields[at + 1]!.split("\n");
    values.set(key, value.length === 0 ? "true" : value.join("\n"));
  }
  const keys = [...values.keys()];
  return {
    autoCrlf: !isFalse(values.get("core.autocrlf")),
    ignoreCase: !isFalse(values.get("core.ignorecase")),
    isPartialClone: keys.some((key) => key === "extensions.partialclone" || /^remote\..*\.promisor$/s.test(key)),
    filters: [...new Set(keys.flatMap((key) => /^filter\.(.*)\.[a-z]+$/s.exec(key)?.[1] ?? []))],
    attributeFiles: attributeFiles(await userAttributes(directory, values.get("core.attributesfile"), signal), origins),
  };
}

function isFalse(value: string | undefined): boolean {
  return value === undefined || ["false", "no", "off", "0", ""].includes(value.toLowerCase());
}

/** The user's file of attributes; git knows best what `~name` and other beginnings of a configured path stand for. */
async function userAttributes(directory: string, configured: string | undefined, signal?: AbortSignal): Promise<string> {
  if (configured === undefined) return join(process.env["XDG_CONFIG_HOME"] || join(homedir(), ".config"), "git", "attributes");
  if (!/^[~%]/.test(configured)) return configured;
  const output = await runGit(directory, ["config", "--type=path", "--get", "core.attributesFile"], { signal });
  return output.stdout.toString("utf8").replace(/\n$/, "");
}

/** git reads `gitattributes` beside its system-wide configuration too. */
function attributeFiles(user: string, origins: ReadonlySet<string>): string[] {
  const system = [...origins].filter((origin) => /^file:.*[\\/]gitconfig$/s.test(origin));
  const beside = system.map((origin) => join(dirname(origin.slice("file:".length)), "gitattributes"));
  return [...new Set(["/etc/gitattributes", ...beside, user])];
}

/** Switches every configured filter off for one process, so that looking at a repository runs no program that it names. */
export function filtersOff({ filters }: GitConfig): (readonly [string, string])[] {
  return filters.flatMap((name) => [
    [`filter.${name}.clean`, ""],
    [`filter.${name}.process`, ""],
    [`filter.${name}.required`, "false"],
  ]);
}
