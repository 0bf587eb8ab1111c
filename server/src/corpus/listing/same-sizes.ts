import { createHash } from "node:crypto";
import { readCheckedFile, writeCheckedFile, type CacheFile } from "./checked-file";
import { runGit } from "./git";

/** A blob, and how many bytes the file has that is checked out from it. */
export interface CheckedOut {
  readonly blob: string;
  readonly size: number;
}

/** Files whose size is not that of their blob, as `<blob> <size>`; with none of them, the sizes of all files are those of their blobs. */
export type UnlikeSizes = ReadonlySet<string>;

export function sizeKey({ blob, size }: CheckedOut): string {
  return `${blob} ${size}`;
}

/** Bumped when what is remembered changes its meaning. */
const cacheKey = "same-sizes-1";

/** A share of the files by the beginning of their blob ids, so that an edit makes only its own share unknown. */
interface Share {
  readonly name: string;
  readonly files: readonly CheckedOut[];
  readonly hash: string;
}

function sharesOf(files: readonly CheckedOut[]): Share[] {
  const shares = new Map<string, CheckedOut[]>();
  for (const file of files) {
    const name = file.blob.slice(0, 2);
    const share = shares.get(name);
    if (share === undefined) shares.set(name, [file]);
    else share.push(file);
  }
  return [...shares].map(([name, members]) => {
    let keys = "";
    for (const file of members) keys += keys === "" ? sizeKey(file) : `\n${sizeKey(file)}`;
    return { name, files: members, hash: createHash("sha1").update(keys).digest("hex") };
  });
}

/** Lines of `<share> <hash>`, then the unlike ones of the share. */
function parseRemembered(body: Buffer | undefined): Map<string, string[]> {
  const known = new Map<string, string[]>();
  for (const line of body?.toString("latin1").split("\n") ?? []) {
    const [share = "", ...unlike] = line.split("\t");
    if (share !== "") known.set(share, unlike);
  }
  return known;
}

/** Sizes of blobs in the object store, without reading their content; blobs that are not here are left out. */
async function readBlobSizes(directory: string, blobs: ReadonlySet<string>, signal?: AbortSignal): Promise<ReadonlyMap<string, number>> {
  if (blobs.size === 0) return new Map();
  const input = Buffer.from(`${[...blobs].join("\n")}\n`);
  const args = ["cat-file", "--batch-check=%(objectname) %(objectsize)", "--buffer"];
  const output = (await runGit(directory, args, { input, signal })).stdout.toString("latin1");
  const lines = output.split("\n").map((line) => line.split(" "));
  return new Map(lines.flatMap(([blob = "", size = ""]) => (/^\d+$/.test(size) ? [[blob, Number(size)] as const] : [])));
}

/**
 * Compares the size of every file with that of its blob. Git looks at sizes and times of files only, so a file that a conversion of former days changed on
 * its way (line ends, keywords, another encoding, Git LFS) may pass for clean although neither attributes nor settings say so any more; its size tells.
 */
export async function findUnlikeSizes(
  directory: string,
  files: readonly CheckedOut[],
  cache: CacheFile,
  signal?: AbortSignal,
): Promise<UnlikeSizes> {
  const known = parseRemembered(readCheckedFile(cache, cacheKey));
  const shares = sharesOf(files);
  const asked = shares.filter(({ name, hash }) => !known.has(`${name} ${hash}`));
  const sizes = await readBlobSizes(directory, new Set(asked.flatMap((share) => share.files.map((file) => file.blob))), signal);
  const unlike = shares.map(({ name, hash, files: members }): string[] => {
    const remembered = known.get(`${name} ${hash}`);
    return remembered ?? [...new Set(members.filter((file) => sizes.get(file.blob) !== file.size).map(sizeKey))];
  });
  if (asked.length > 0) {
    const lines = shares.map(({ name, hash }, at) => [`${name} ${hash}`, ...unlike[at]!].join("\t"));
    writeCheckedFile(cache, cacheKey, Buffer.from(`${lines.join("\n")}\n`, "latin1"));
  }
  return new Set(unlike.flat());
}
