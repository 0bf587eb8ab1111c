import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { gitBlobId } from "../server/src/platform/hash";

export interface Text {
  readonly path: string;
  readonly text: string;
  readonly blob: string;
}

/** Every UTF-8 file below a directory of at most 1 MiB without a NUL byte, as it is on disk; paths relative to the root. */
export function readTexts(root: string, directory: string): Text[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return entry.name === ".git" ? [] : readTexts(root, path);
    if (!entry.isFile() || statSync(path).size > 1 << 20) return [];
    const content = readFileSync(path);
    const text = content.toString("utf8");
    if (content.includes(0) || text.includes("\uFFFD")) return [];
    return [{ path: relative(root, path), text, blob: gitBlobId(content) }];
  });
}
