import type { DocumentClass } from "@midtrain/protocol/corpus";
import type { FileAttributes } from "./attributes";
import type { PathName } from "./path-names";

/** Where to read a file that does not lie under the harvested directory, and what to read for one that lies nowhere. */
export interface ReadableName extends PathName {
  /** A file of a further root. */
  readonly disk?: { readonly root: string; readonly name: PathName };
  /** A document made from the history. */
  readonly content?: Buffer;
}

/** A file of the repository before it was read. */
export interface ListedFile extends ReadableName {
  readonly attributes: FileAttributes;
  /** What the index says; absent without git, for untracked files, and in a root of another object format. */
  readonly index?: { readonly mode: string; readonly blob: string; readonly unmerged: boolean };
  /**
   * True when git vouches that the file on disk has exactly the bytes of its index blob: sizes and times are as git left them, it was not told to look
   * away, no filter, keyword or encoding converts the file, and its size is that of the blob (which line ends converted now or formerly would change;
   * in a partial clone, where sizes of blobs are not known, only settings and attributes of now are asked). Its blob id is known without reading.
   */
  readonly unchanged: boolean;
  /** Bytes on disk, where git's last look still holds. */
  readonly size?: number;
  /** What the file system says of a file that git does not vouch for, where equal answers mean equal content. */
  readonly stat?: string;
  /** The class is known from where the document comes from. */
  readonly class?: DocumentClass;
}

export interface Listing {
  readonly kind: "git" | "directory";
  readonly files: readonly ListedFile[];
  readonly notes: readonly string[];
  readonly head?: string;
  readonly branch?: string;
  /** Paths whose index entry differs from HEAD. */
  readonly staged: ReadonlySet<string>;
  /** Paths whose file differs from the index entry. Together with `staged`, what `git status` calls changed: the dirty count without reading. */
  readonly changed: ReadonlySet<string>;
  /** Of the main repository: every blob id of the corpus is written in it. */
  readonly objectFormat: "sha1" | "sha256";
}
