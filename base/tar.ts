export interface ArchiveEntry {
  /** Path inside the archive, without its top folder. */
  readonly path: string;
  readonly content: Buffer;
}

const block = 512;

function field(header: Buffer, start: number, length: number): string {
  const bytes = header.subarray(start, start + length);
  const end = bytes.indexOf(0);
  return bytes.subarray(0, end < 0 ? length : end).toString("utf8");
}

/** Records of an extended header: "<length> <key>=<value>\n", the length counting itself. */
function extendedPath(content: Buffer): string | undefined {
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(0x20, at);
    const length = Number(content.subarray(at, space).toString());
    if (space < 0 || !(length > 0)) return undefined;
    const record = content.subarray(space + 1, at + length - 1).toString("utf8");
    if (record.startsWith("path=")) return record.slice("path=".length);
    at += length;
  }
  return undefined;
}

/** Regular files of an uncompressed tar archive as npm and PyPI make them: ustar, pax paths, GNU long names. */
export function* readTar(archive: Buffer): Generator<ArchiveEntry> {
  let longPath: string | undefined;
  for (let at = 0; at + block <= archive.length && archive[at] !== 0;) {
    const header = archive.subarray(at, at + block);
    const size = parseInt(field(header, 124, 12).trim() || "0", 8);
    const content = archive.subarray(at + block, at + block + size);
    const type = String.fromCharCode(header[156]!);
    at += block + Math.ceil(size / block) * block;
    if (type === "x") longPath = extendedPath(content) ?? longPath;
    else if (type === "L") longPath = field(content, 0, content.length);
    else if (type !== "g") {
      const prefix = field(header, 257, 5) === "ustar" ? field(header, 345, 155) : "";
      const path = longPath ?? (prefix === "" ? field(header, 0, 100) : `${prefix}/${field(header, 0, 100)}`);
      longPath = undefined;
      if (type === "0" || type === "\0") yield { path: path.slice(path.indexOf("/") + 1), content };
    }
  }
}
