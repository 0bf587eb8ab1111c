import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { MidtrainError } from "@midtrain/protocol/errors";
import { writeFileAtomic } from "../platform/atomic-write";

/** The directory that a command works on. @throws MidtrainError (input) when it is not one. */
export function requireDirectory(path: string): string {
  const directory = resolve(path);
  if (!existsSync(directory) || !statSync(directory).isDirectory()) {
    throw new MidtrainError({
      reason: "input",
      message: "There is no such directory.",
      where: directory,
      next: "Name the directory of a repository.",
    });
  }
  return directory;
}

/** `name` or `org/name`, as the Hugging Face cache has them; a file name is not one. */
const hubName = /^(?!\.)[\w.-]+(\/[\w.-]+)?(?<!\.json)(#\w+)?$/;

/**
 * A model or tokenizer that a person wrote, with a path made absolute: from the working directory on the command line,
 * from the directory of midtrain.jsonc in there. `tiktoken:NAME` and names of the Hugging Face cache stay as they are.
 */
export function anchoredSpec(spec: string, base: string): string {
  if (spec === "" || spec.startsWith("tiktoken:") || isAbsolute(spec)) return spec;
  const path = resolve(base, spec);
  // `#ENCODING` behind a tokenizer's place is not part of the path.
  return hubName.test(spec) && !existsSync(path.replace(/#\w+$/, "")) ? spec : path;
}

/** Root of the git work tree around a directory; undefined without git or outside a work tree. */
function gitRoot(directory: string): string | undefined {
  const result = spawnSync("git", ["rev-parse", "--show-toplevel"], { cwd: directory, encoding: "utf8" });
  const root = result.status === 0 ? result.stdout.replace(/\r?\n$/, "") : "";
  return root === "" ? undefined : root;
}

/**
 * `.midtrain/` beside the configuration, else at the git root, else in the directory (shared/CONTRACTS §2).
 * `out` overrides it.
 */
export function midtrainDirectory(directory: string, configFile: string | undefined, out?: string): string {
  if (out !== undefined) return resolve(out);
  const parent = configFile === undefined ? (gitRoot(directory) ?? resolve(directory)) : dirname(configFile);
  return join(parent, ".midtrain");
}

/** Makes the directory, with the file that makes git ignore it. */
export function ensureMidtrainDirectory(directory: string): void {
  const ignore = join(directory, ".gitignore");
  if (!existsSync(ignore)) writeFileAtomic(ignore, "*\n");
}
