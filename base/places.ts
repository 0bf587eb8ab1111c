import { join, resolve } from "node:path";

/** The bundle runs from .cache/base/. */
const root = resolve(__dirname, "..", "..");
export const cache = join(root, ".cache", "base");
export const shipped = join(root, "media", "base");

/** Directory of a stage's result: named by everything that went into it, so that a changed input never meets an old result. */
export function stageDirectory(stage: string, key: string): string {
  return join(cache, `${stage}-${key.slice(0, 12)}`);
}
