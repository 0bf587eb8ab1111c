import { dirname, join, resolve } from "node:path";
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
  /** Files outside the repository that git may read attributes from. */
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
    attributeFiles: attributeFiles(directory, values.get("core.attributesfile"), origins),
  };
}

function isFalse(value: string | undefined): boolean {
  return value === undefined || ["false", "no", "off", "0", ""].includes(value.toLowerCase());
}

/** git reads `gitattributes` beside its system-wide configuration, and the user's `core.attributesFile`. */
function attributeFiles(directory: string, configured: string | undefined, origins: ReadonlySet<string>): string[] {
  const system = [...origins].flatMap((origin) => /^file:(.*[\\/])gitconfig$/s.exec(origin)?.[1] ?? []);
  const user = join(process.env["XDG_CONFIG_HOME"] || join(homedir(), ".config"), "git", "attributes");
  const own = configured === undefined ? user : configured.startsWith("~/") ? join(homedir(), configured.slice(2)) : configured;
  return [...new Set(["/etc/gitattributes", ...system.map((place) => join(dirname(`${place}x`), "gitattributes")), resolve(directory, own)])];
}

/** Switches every configured filter off for one process, so that looking at a repository runs no program that it names. */
export function filtersOff({ filters }: GitConfig): (readonly [string, string])[] {
  return filters.flatMap((name) => [
    [`filter.${name}.clean`, ""],
    [`filter.${name}.process`, ""],
    [`filter.${name}.required`, "false"],
  ]);
}
