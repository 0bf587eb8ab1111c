import { comparePaths } from "../listing/path-names";

/** What decides which of several alike documents stays. */
export interface Preferable {
  readonly path: string;
  /** On-disk bytes. */
  readonly bytes: number;
}

/** Names of directories that make what lies below a less likely original; the highest rank on the way counts. */
const lesserDirectories: readonly { readonly rank: number; readonly words: string; readonly name: RegExp }[] = [
  {
    rank: 4,
    words: "a copy or backup",
    name: /^(?:old|backups?|bak|orig|attic|archived?|obsolete|cop(?:y|ies))$|[-_. ](?:old|bak|backup|copy|orig)$|^copy of /i,
  },
  {
    rank: 3,
    words: "vendored",
    name: /^(?:vendor(?:ed)?|third[-_]?party|node_modules|bower_components|site-packages|externals?|extern|deps|dist|build)$/i,
  },
  // What a test works on was made from a template as often as not, and never the other way round.
  {
    rank: 2,
    words: "a test",
    name: /^_*(?:tests?|testing|testdata|specs?|fixtures?|mocks?|snapshots?)_*$/i,
  },
  {
    rank: 1,
    words: "an example or template",
    name: /^_*(?:examples?|samples?|demos?|templates?)_*$/i,
  },
];

/** A file's own name tells of copies only, and only as an addition: `copy.ts` is a module, `queue-copy.ts` and `queue.ts.bak` are copies. */
const copiedName = /.[-_. ](?:copy|backup|bak|old|orig)[-_. ]?(?:\d+|\(\d+\))?(?=\.|$)|^copy[-_ ]of[-_ ]|~$/i;

/** 0: nothing speaks against being the original; 1 a template, 2 a test, 3 vendored, 4 a copy. */
class PathKinds {
  readonly #directories = new Map<string, number>();

  rank(path: string): number {
    const cut = path.lastIndexOf("/");
    const own = copiedName.test(path.slice(cut + 1)) ? 4 : 0;
    return cut < 0 ? own : Math.max(own, this.#directory(path.slice(0, cut)));
  }

  #directory(path: string): number {
    const known = this.#directories.get(path);
    if (known !== undefined) return known;
    const cut = path.lastIndexOf("/");
    const name = path.slice(cut + 1);
    const own = lesserDirectories.find((entry) => entry.name.test(name))?.rank ?? 0;
    const rank = cut < 0 ? own : Math.max(own, this.#directory(path.slice(0, cut)));
    this.#directories.set(path, rank);
    return rank;
  }
}

function depthOf(path: string): number {
  let depth = 0;
  for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) depth++;
  return depth;
}

/**
 * Which of two documents is the likelier original: no copy, vendored or test-like path, then shallow before deep, short path before
 * long, long document before short, by name. Two documents compare alike whatever else there is, in whatever order they come.
 */
export class Preference {
  readonly #documents: readonly Preferable[];
  readonly #kinds = new PathKinds();

  constructor(documents: readonly Preferable[]) {
    this.#documents = documents;
  }

  kind(document: number): number {
    return this.#kinds.rank(this.#documents[document]!.path);
  }

  depth(document: number): number {
    return depthOf(this.#documents[document]!.path);
  }

  /** Below zero when the first of two indices is preferred. */
  compare(a: number, b: number): number {
    return this.kind(a) - this.kind(b) || this.depth(a) - this.depth(b) || this.#compareEqual(a, b);
  }

  #compareEqual(a: number, b: number): number {
    const [one, other] = [this.#documents[a]!, this.#documents[b]!];
    return one.path.length - other.path.length || other.bytes - one.bytes || comparePaths(one.path, other.path) || a - b;
  }

  /** The same order for many at once. */
  sort(documents: readonly number[]): number[] {
    const groups = new Map<number, number[]>();
    for (const document of documents) {
      const length = Math.min(this.#documents[document]!.path.length, 8191);
      const key = (this.kind(document) * 4096 + Math.min(this.depth(document), 4095)) * 8192 + length;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [document]);
      else group.push(document);
    }
    return [...groups].sort(([a], [b]) => a - b).flatMap(([, group]) => group.sort((a, b) => this.compare(a, b)));
  }
}

/** Why the survivor stayed and not the others, in words: the weakest of the reasons that were needed. */
export function reasonFor(survivor: Preferable, removed: readonly Preferable[]): string {
  const kinds = new PathKinds();
  const standing = (document: Preferable): { document: Preferable; kind: number; depth: number } => ({
    document,
    kind: kinds.rank(document.path),
    depth: depthOf(document.path),
  });
  const own = standing(survivor);
  const others = removed.map(standing);
  const alikeKind = others.filter(({ kind }) => kind === own.kind);
  if (alikeKind.length === 0) {
    const words = [...new Set(others.map(({ kind }) => lesserDirectories.find(({ rank }) => rank === kind)!.words))];
    return others.length === 1
      ? `The other one's path says that it is ${words[0]}.`
      : `The other paths say that they are ${words.join(", or ")}.`;
  }
  const alikeDepth = alikeKind.filter(({ depth }) => depth === own.depth);
  if (alikeDepth.length === 0) return "It lies less deep.";
  const alikeLength = alikeDepth.filter(({ document }) => document.path.length === survivor.path.length);
  if (alikeLength.length === 0) return "Its path is the shortest.";
  if (alikeLength.every(({ document }) => document.bytes < survivor.bytes)) return "It is the longest.";
  return "It is the first by name.";
}
