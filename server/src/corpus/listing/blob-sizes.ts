import { readCheckedFile, writeCheckedFile, type CacheFile } from "./checked-file";
import { runGit } from "./git";

const cacheKey = "blob-sizes";

/** Sizes of blobs never change, so they are remembered as `<blob> <size>` lines; blobs that are not in use any more are forgotten. */
function parseRemembered(body: Buffer | undefined): Map<string, number> {
  const sizes = new Map<string, number>();
  if (body === undefined) return sizes;
  for (const line of body.toString("latin1").split("\n")) {
    const space = line.indexOf(" ");
    if (space > 0) sizes.set(line.slice(0, space), Number(line.slice(space + 1)));
  }
  return sizes;
}

/** Bytes of each of these blobs in the object store; those that are not here are left out. Reads no content. */
export async function readBlobSizes(
  directory: string,
  blobs: readonly string[],
  cache: CacheFile,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  if (blobs.length === 0) return new Map();
  const known = parseRemembered(readCheckedFile(cache, cacheKey));
  const unknown = [...new Set(blobs.filter((blob) => !known.has(blob)))];
  if (unknown.length === 0) return known;
  const input = Buffer.from(`${unknown.join("\n")}\n`);
  const output = await runGit(directory, ["cat-file", "--batch-check=%(objectname) %(objectsize)", "--buffer"], { input, signal });
  const asked = parseRemembered(output.stdout);
  const sizes = new Map<string, number>();
  for (const blob of blobs) {
    const size = known.get(blob) ?? asked.get(blob);
    if (size !== undefined && Number.isSafeInteger(size)) sizes.set(blob, size);
  }
  writeCheckedFile(cache, cacheKey, Buffer.from([...sizes].map(([blob, size]) => `${blob} ${size}\n`).join(""), "latin1"));
  return sizes;
}
