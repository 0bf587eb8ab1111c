/** Continued BPE: merges that go on where a tokenizer's own end, learned on the pieces of a repository. */

/** A piece of the pre-tokenizer as ids, with how often it occurs. */
export interface CountedPiece {
  readonly ids: readonly number[];
  readonly count: number;
}

export interface NewMerge {
  readonly left: number;
  readonly right: number;
  /** Id of the merged token: the first is the size of the vocabulary. */
  readonly id: number;
  readonly text: string;
  /** How often the pair stood in the pieces when it was merged; it falls from merge to merge. */
  readonly count: number;
}

export interface LearnOptions {
  readonly vocabularySize: number;
  readonly merges: number;
  /** Rarer pairs are not merged. */
  readonly fewest: number;
  readonly textOf: (id: number) => string;
  /** Whether a token of this text may be made. */
  readonly allows: (text: string) => boolean;
}

/** Ids stay below 2^26, so that a pair is one exact double. */
const pairBase = 2 ** 26;

/** The most frequent adjacent pair becomes a token, again and again; equal counts are decided by the smaller pair of ids. */
export function learnMerges(pieces: readonly CountedPiece[], options: LearnOptions): readonly NewMerge[] {
  return new Learner(pieces, options).learn();
}

class Learner {
  private readonly symbols: number[][];
  private readonly counts = new Map<number, number>();
  private readonly places = new Map<number, Set<number>>();
  private readonly heap = new PairHeap();
  private readonly texts = new Map<number, string>();

  constructor(
    private readonly pieces: readonly CountedPiece[],
    private readonly options: LearnOptions,
  ) {
    this.symbols = pieces.map(({ ids }) => [...ids]);
    this.symbols.forEach((symbols, index) => this.addPairs(symbols, index, pieces[index]!.count));
    for (const [pair, count] of this.counts) this.heap.push(count, pair);
  }

  learn(): NewMerge[] {
    const { vocabularySize, merges, fewest, allows } = this.options;
    const found: NewMerge[] = [];
    while (found.length < merges) {
      const pair = this.takeBest();
      const count = pair === undefined ? 0 : this.counts.get(pair)!;
      if (pair === undefined || count < fewest) break;
      const left = Math.floor(pair / pairBase);
      const right = pair % pairBase;
      const text = this.textOf(left) + this.textOf(right);
      if (!allows(text)) {
        this.counts.delete(pair);
        this.places.delete(pair);
        continue;
      }
      const id = vocabularySize + found.length;
      this.texts.set(id, text);
      found.push({ left, right, id, text, count });
      this.apply(pair, left, right, id);
    }
    return found;
  }

  private textOf(id: number): string {
    const known = this.texts.get(id);
    if (known !== undefined) return known;
    const text = this.options.textOf(id);
    this.texts.set(id, text);
    return text;
  }

  private takeBest(): number | undefined {
    for (let top = this.heap.pop(); top !== undefined; top = this.heap.pop()) {
      const count = this.counts.get(top.pair);
      if (count === undefined || count <= 0) continue;
      if (count === top.count) return top.pair;
      this.heap.push(count, top.pair);
    }
    return undefined;
  }

  private apply(pair: number, left: number, right: number, id: number): void {
    const touched = new Set<number>();
    for (const index of this.places.get(pair) ?? []) {
      const symbols = this.symbols[index]!;
      const { count } = this.pieces[index]!;
      this.addPairs(symbols, index, -count);
      mergeAll(symbols, left, right, id);
      this.addPairs(symbols, index, count, touched);
    }
    this.counts.delete(pair);
    this.places.delete(pair);
    for (const changed of touched) if (changed !== pair) this.heap.push(this.counts.get(changed) ?? 0, changed);
  }

  private addPairs(symbols: readonly number[], index: number, count: number, touched?: Set<number>): void {
    for (let i = 1; i < symbols.length; i++) {
      const pair = symbols[i - 1]! * pairBase + symbols[i]!;
      const known = this.counts.get(pair);
      // A pair that was refused stays away: pairs of old symbols appear only at the start.
      if (
        known === undefined &&
        touched !== undefined &&
        symbols[i - 1]! < this.options.vocabularySize &&
        symbols[i]! < this.options.vocabularySize
      )
        continue;
      if (known === undefined && count < 0) continue;
      this.counts.set(pair, (known ?? 0) + count);
      if (count < 0) continue;
      touched?.add(pair);
      let places = this.places.get(pair);
      if (places === undefined) this.places.set(pair, (places = new Set()));
      places.add(index);
    }
  }
}

/** Merges every (left, right) of a list in place, from the left. */
function mergeAll(symbols: number[], left: number, right: number, id: number): void {
  let write = 0;
  for (let read = 0; read < symbols.length; read++) {
    const here = symbols[read]!;
    if (here === left && symbols[read + 1] === right) {
      symbols[write++] = id;
      read++;
    } else symbols[write++] = here;
  }
  symbols.length = write;
}

/** Applies merges to ids, as BPE does: the earliest-learned pair first. */
export class MergeApplier {
  private readonly ranks = new Map<number, number>();

  constructor(private readonly merges: readonly NewMerge[]) {
    merges.forEach(({ left, right }, rank) => this.ranks.set(left * pairBase + right, rank));
  }

  /** @param limit only the first so many merges. */
  apply(ids: readonly number[], limit: number): readonly number[] {
    const symbols = [...ids];
    for (;;) {
      let best = limit;
      for (let i = 1; i < symbols.length; i++) {
        const rank = this.ranks.get(symbols[i - 1]! * pairBase + symbols[i]!);
        if (rank !== undefined && rank < best) best = rank;
      }
      if (best === limit) return symbols;
      const { left, right, id } = this.merges[best]!;
      mergeAll(symbols, left, right, id);
    }
  }
}

interface HeapEntry {
  readonly count: number;
  readonly pair: number;
}

/** Highest count first, then the smaller pair. Entries grow stale; whoever takes one checks it. */
class PairHeap {
  private readonly entries: HeapEntry[] = [];

  push(count: number, pair: number): void {
    const { entries } = this;
    const entry = { count, pair };
    let at = entries.push(entry) - 1;
    for (let parent = (at - 1) >> 1; at > 0 && isBefore(entry, entries[parent]!); parent = (at - 1) >> 1) {
      entries[at] = entries[parent]!;
      at = parent;
    }
    entries[at] = entry;
  }

  pop(): HeapEntry | undefined {
    const { entries } = this;
    const top = entries[0];
    const last = entries.pop();
    if (top === undefined || last === undefined || entries.length === 0) return top;
    let at = 0;
    for (let child = 1; child < entries.length; child = 2 * at + 1) {
      if (child + 1 < entries.length && isBefore(entries[child + 1]!, entries[child]!)) child++;
      if (!isBefore(entries[child]!, last)) break;
      entries[at] = entries[child]!;
      at = child;
    }
    entries[at] = last;
    return top;
  }
}

function isBefore(a: HeapEntry, b: HeapEntry): boolean {
  return a.count > b.count || (a.count === b.count && a.pair < b.pair);
}
