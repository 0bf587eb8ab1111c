import type { MergeTable } from "./merge-table";
import type { WholePieces } from "./whole-pieces";

/** Pieces up to this many bytes are merged by scanning for the best pair; longer ones by a tree of minima, so that a one-line megabyte stays n log n. */
const treeFrom = 64;

export interface BpeModelParts {
  readonly merges: MergeTable;
  /** Id of each single byte, -1 for bytes that the vocabulary leaves out: they are dropped, as in the reference without an unknown token. */
  readonly byteIds: Int32Array;
  /** Whole pieces that are tokens stay one (ignore_merges, tiktoken). */
  readonly wholePieces?: WholePieces;
}

/** Valid until the next call of the merger that gave it. */
export interface MergedPiece {
  readonly ids: Int32Array;
  readonly lengths: Int32Array;
  readonly count: number;
}

/**
 * Byte-pair merging of one piece: always the pair of lowest rank, the leftmost among equals, until none is left
 * (the order of the reference, `tokenizers` word.rs and tiktoken).
 */
export class BpeMerger {
  private ids = new Int32Array(256);
  /** Byte length of each symbol. */
  private lengths = new Int32Array(256);
  /** Rank of the merge of each symbol with the next one, `noRank` where there is none. */
  private ranks = new Int32Array(256);
  private previous = new Int32Array(256);
  private readonly tree = new RankTree();
  private readonly merges: MergeTable;
  private readonly byteIds: Int32Array;
  private readonly bytePairs: BytePairs;

  constructor(parts: BpeModelParts) {
    this.merges = parts.merges;
    this.byteIds = parts.byteIds;
    this.bytePairs = bytePairsOf(parts);
  }

  /** Token ids and byte lengths of the piece; valid until the next call. */
  merge(bytes: Uint8Array, length: number): MergedPiece {
    this.reserve(length);
    for (let i = 0; i < length; i++) {
      this.ids[i] = this.byteIds[bytes[i]!]!;
      this.lengths[i] = 1;
    }
    for (let i = 0; i + 1 < length; i++) this.ranks[i] = this.bytePairs.rankOf(bytes[i]!, bytes[i + 1]!);
    return this.run(length);
  }

  /** The same for symbols that are no bytes (SentencePiece): the lengths count symbols. */
  mergeSymbols(symbols: Int32Array, length: number): MergedPiece {
    this.reserve(length);
    this.ids.set(symbols.subarray(0, length));
    this.lengths.fill(1, 0, length);
    for (let i = 0; i + 1 < length; i++) this.ranks[i] = this.rankOf(this.ids[i]!, this.ids[i + 1]!);
    return this.run(length);
  }

  private reserve(length: number): void {
    if (this.ids.length >= length) return;
    this.ids = new Int32Array(length * 2);
    this.lengths = new Int32Array(length * 2);
    this.ranks = new Int32Array(length * 2);
    this.previous = new Int32Array(length * 2);
  }

  private run(length: number): MergedPiece {
    const count = length < treeFrom ? this.mergeShort(length) : this.mergeLong(length);
    return { ids: this.ids, lengths: this.lengths, count };
  }

  private rankOf(left: number, right: number): number {
    const rank = this.merges.find(left, right);
    return rank < 0 ? noRank : rank;
  }

  private mergeShort(length: number): number {
    const { ids, lengths, ranks, merges } = this;
    let count = length;
    while (count > 1) {
      let best = 0;
      let lowest = ranks[0]!;
      for (let i = 1; i + 1 < count; i++) {
        if (ranks[i]! < lowest) {
          best = i;
          lowest = ranks[i]!;
        }
      }
      if (lowest === noRank) break;
      ids[best] = merges.mergedOf(lowest);
      lengths[best]! += lengths[best + 1]!;
      count--;
      for (let i = best + 1; i < count; i++) {
        ids[i] = ids[i + 1]!;
        lengths[i] = lengths[i + 1]!;
        ranks[i] = ranks[i + 1]!;
      }
      if (best + 1 < count) ranks[best] = this.rankOf(ids[best]!, ids[best + 1]!);
      if (best > 0) ranks[best - 1] = this.rankOf(ids[best - 1]!, ids[best]!);
    }
    return count;
  }

  /** The same over a linked list: `lengths` steps forward, `previous` back. */
  private mergeLong(length: number): number {
    const { ids, lengths, ranks, previous, tree, merges } = this;
    ranks[length - 1] = noRank;
    for (let i = 0; i < length; i++) previous[i] = i - 1;
    tree.fill(ranks, length);
    for (let at = tree.smallest(); at >= 0; at = tree.smallest()) {
      const next = at + lengths[at]!;
      ids[at] = merges.mergedOf(ranks[at]!);
      lengths[at]! += lengths[next]!;
      const after = at + lengths[at]!;
      if (after < length) previous[after] = at;
      const before = previous[at]!;
      ranks[at] = after < length ? this.rankOf(ids[at]!, ids[after]!) : noRank;
      if (before >= 0) ranks[before] = this.rankOf(ids[before]!, ids[at]!);
      tree.setThree(before, before < 0 ? noRank : ranks[before]!, at, ranks[at]!, next);
    }
    return this.gather(length);
  }

  /** The symbols that are left, side by side. */
  private gather(length: number): number {
    const { ids, lengths } = this;
    let count = 0;
    for (let at = 0; at < length;) {
      const step = lengths[at]!;
      ids[count] = ids[at]!;
      lengths[count++] = step;
      at += step;
    }
    return count;
  }
}

const noRank = 0x7fffffff;

/** Ranks of the merges of two bytes, which every piece begins with, each looked up when it is first met. */
class BytePairs {
  private readonly ranks = new Int32Array(1 << 16).fill(unknownRank);

  constructor(private readonly parts: BpeModelParts) {}

  rankOf(left: number, right: number): number {
    const rank = this.ranks[(left << 8) | right]!;
    return rank === unknownRank ? this.lookUp(left, right) : rank;
  }

  private lookUp(left: number, right: number): number {
    const { merges, byteIds } = this.parts;
    const [first, second] = [byteIds[left]!, byteIds[right]!];
    const found = first < 0 || second < 0 ? -1 : merges.find(first, second);
    return (this.ranks[(left << 8) | right] = found < 0 ? noRank : found);
  }
}

const unknownRank = -1;

/** Mergers of one model share them. */
const bytePairs = new WeakMap<BpeModelParts, BytePairs>();

function bytePairsOf(parts: BpeModelParts): BytePairs {
  const known = bytePairs.get(parts) ?? new BytePairs(parts);
  bytePairs.set(parts, known);
  return known;
}

/** The smallest of many ranks, the leftmost among equals, after every change: a tree of minima over the ranks. */
class RankTree {
  /** Node n stands for the smaller of 2n and 2n + 1; the ranks begin at `leaves`. */
  private nodes = new Int32Array(512);
  private leaves = 256;

  /** @param length at least 1 */
  fill(ranks: Int32Array, length: number): void {
    this.leaves = 1 << (32 - Math.clz32(length - 1));
    if (this.nodes.length < 2 * this.leaves) this.nodes = new Int32Array(2 * this.leaves);
    const { nodes, leaves } = this;
    nodes.set(ranks.subarray(0, length), leaves);
    nodes.fill(noRank, leaves + length, 2 * leaves);
    for (let node = leaves - 1; node > 0; node--) nodes[node] = Math.min(nodes[2 * node]!, nodes[2 * node + 1]!);
  }

  /** New ranks at two places, the first of which may be -1 for none, and none any more at a third. */
  setThree(first: number, firstRank: number, second: number, secondRank: number, third: number): void {
    const { nodes, leaves } = this;
    let a = leaves + (first < 0 ? second : first);
    let b = leaves + second;
    let c = leaves + third;
    if (first >= 0) nodes[a] = firstRank;
    nodes[b] = secondRank;
    nodes[c] = noRank;
    // The three are close to each other: upwards of where their ways meet, one is enough.
    while (a !== c) {
      a >>= 1;
      b >>= 1;
      c >>= 1;
      nodes[a] = lower(nodes[2 * a]!, nodes[2 * a + 1]!);
      if (b !== a && b !== c) nodes[b] = lower(nodes[2 * b]!, nodes[2 * b + 1]!);
      if (c !== a) nodes[c] = lower(nodes[2 * c]!, nodes[2 * c + 1]!);
    }
    for (a >>= 1; a > 0; a >>= 1) {
      const least = lower(nodes[2 * a]!, nodes[2 * a + 1]!);
      if (nodes[a] === least) return;
      nodes[a] = least;
    }
  }

  /** Place of the smallest rank, or -1 when there is none. */
  smallest(): number {
    const { nodes, leaves } = this;
    const least = nodes[1]!;
    if (least === noRank) return -1;
    let node = 1;
    // One more where the left is larger: a branch here would be mispredicted every other time.
    while (node < leaves) node = 2 * node + ((least - nodes[2 * node]!) >>> 31);
    return node - leaves;
  }
}

/** The smaller of two ranks, without a branch. */
function lower(a: number, b: number): number {
  return b + ((a - b) & ((a - b) >> 31));
}
