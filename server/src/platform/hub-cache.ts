/** The Hugging Face cache on this disk: read, never filled. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where huggingface_hub keeps its cache, in its own order of precedence. */
export function hubCaches(environment: NodeJS.ProcessEnv): string[] {
  const { HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE, HF_HOME, XDG_CACHE_HOME } = environment;
  const candidates = [
    HF_HUB_CACHE,
    HUGGINGFACE_HUB_CACHE,
    HF_HOME && join(HF_HOME, "hub"),
    join(XDG_CACHE_HOME || join(homedir(), ".cache"), "huggingface", "hub"),
  ];
  return [...new Set(candidates.filter((candidate): candidate is string => Boolean(candidate)))];
}

/** Directory of a model in a cache, whether it is there or not. */
export function hubDirectory(cache: string, name: string): string {
  return join(cache, `models--${name.replaceAll("/", "--")}`);
}

/** `org/name` of everything that the caches hold of models, by name. */
export function hubModels(environment: NodeJS.ProcessEnv): readonly { readonly name: string; readonly directory: string }[] {
  const found = new Map<string, string>();
  for (const cache of hubCaches(environment)) {
    if (!existsSync(cache)) continue;
    for (const entry of readdirSync(cache)) {
      const name = /^models--(.+)$/.exec(entry)?.[1]?.replace("--", "/");
      if (name !== undefined && !found.has(name)) found.set(name, join(cache, entry));
    }
  }
  return [...found].map(([name, directory]) => ({ name, directory })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The snapshot with this file: of the revision that `main` names, else of any, the most recent first. */
export function snapshotWith(model: string, file: string): string | undefined {
  const snapshots = join(model, "snapshots");
  if (!existsSync(snapshots)) return undefined;
  const main = join(model, "refs", "main");
  const named = existsSync(main) ? [readFileSync(main, "utf8").trim()] : [];
  const others = readdirSync(snapshots).sort((a, b) => statSync(join(snapshots, b)).mtimeMs - statSync(join(snapshots, a)).mtimeMs);
  return [...named, ...others].map((revision) => join(snapshots, revision)).find((directory) => existsSync(join(directory, file)));
}
