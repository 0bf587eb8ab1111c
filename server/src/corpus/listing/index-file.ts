import { readFileSync } from "node:fs";
import { entryOf, isSameName, nameAt, type Index, type IndexEntry } from "./git-index";
import type { PathName } from "./path-names";

/** Bytes of an entry before its object id: times, device, inode, mode, owner, size. */
const fixedBytes = 40;
const modeAt = 24;
const sizeAt = 36;

const assumeValid = 0x8000;
const extended = 0x4000;
const stages = 0x3000;
const skipWorktree = 0x4000;

/**
 * The index as git keeps it, read without a process and without the text that `ls-files` makes of it (Documentation/gitformat-index: versions 2 to 4).
 * @returns undefined where the file is not such a one, or says things that only git understands (split and sparse indexes): ask git then.
 */
export function readIndexFile(file: string, objectFormat: "sha1" | "sha256"): Index | undefined {
  try {
    return parseIndex(readFileSync(file), objectFormat === "sha1" ? 20 : 32);
  } catch {
    return undefined;
  }
}

function parseIndex(data: Buffer, idBytes: number): Index | undefined {
  const version = data.readUInt32BE(4);
  if (data.toString("latin1", 0, 4) !== "DIRC" || version < 2 || version > 4) return undefined;
  const entries: IndexEntry[] = [];
  const skipped: IndexEntry[] = [];
  const submodules: PathName[] = [];
  let at = 12;
  let last: IndexEntry | undefined;
  let before: Buffer = Buffer.alloc(0);
  for (let left = data.readUInt32BE(8); left > 0; left--) {
    const flagsAt = at + fixedBytes + idBytes;
    const flags = data.readUInt16BE(flagsAt);
    const more = version > 2 && (flags & extended) !== 0 ? data.readUInt16BE(flagsAt + 2) : 0;
    let nameStart = flagsAt + (version > 2 && (flags & extended) !== 0 ? 4 : 2);
    let name: PathName;
    let next: number;
    if (version === 4) {
      const strip = offsetAt(data, nameStart);
      nameStart = strip.next;
      const end = data.indexOf(0, nameStart);
      before = Buffer.concat([before.subarray(0, before.length - strip.value), data.subarray(nameStart, end)]);
      name = nameAt(before, 0, before.length);
      next = end + 1;
    } else {
      const end = data.indexOf(0, nameStart);
      name = nameAt(data, nameStart, end);
      next = at + ((end - at + 8) & ~7);
    }
    const mode = data.readUInt32BE(at + modeAt);
    const [start, size] = [at + fixedBytes, data.readUInt32BE(at + sizeAt)];
    at = next;
    // A directory stands for all files below it in a sparse index.
    if (mode === 0o040000) return undefined;
    if (mode === 0o160000) {
      submodules.push(name);
      continue;
    }
    const unmerged = (flags & stages) !== 0;
    // The stages of an unmerged path follow one another.
    if (unmerged && last?.index.unmerged && isSameName(last, name)) continue;
    const isSkipped = (more & skipWorktree) !== 0;
    const index = { mode: modeText(mode), blob: data.toString("hex", start, start + idBytes), unmerged };
    last = entryOf(name, index, isSkipped || (flags & assumeValid) !== 0, size);
    (isSkipped ? skipped : entries).push(last);
  }
  return hasOnlyOptionalExtensions(data, at, data.length - idBytes) ? { entries, skipped, submodules } : undefined;
}

const modes = new Map<number, string>();

function modeText(mode: number): string {
  let text = modes.get(mode);
  if (text === undefined) modes.set(mode, (text = mode.toString(8).padStart(6, "0")));
  return text;
}

/** A number of seven bits a byte, each further byte counting from where the shorter ones end. */
function offsetAt(data: Buffer, start: number): { readonly value: number; readonly next: number } {
  let at = start;
  let byte = data[at++]!;
  let value = byte & 127;
  while ((byte & 128) !== 0) {
    byte = data[at++]!;
    value = (value + 1) * 128 + (byte & 127);
  }
  return { value, next: at };
}

/** An extension whose name begins with a capital may be left alone; of another one the entries may depend. */
function hasOnlyOptionalExtensions(data: Buffer, start: number, end: number): boolean {
  let at = start;
  while (at + 8 <= end) {
    if (data[at]! < 65 || data[at]! > 90) return false;
    at += 8 + data.readUInt32BE(at + 4);
  }
  return at === end;
}
