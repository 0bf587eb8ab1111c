/**
 * Finds every occurrence of many literal strings in one pass (Aho and Corasick 1975, with the failure links compiled into a dense table).
 * ASCII literals may be matched without regard to case; other characters only match themselves.
 */
export class MultiPattern {
  readonly #classOf: Uint16Array;
  readonly #classes: number;
  readonly #next: Int32Array;
  /** Per state: literals that end here, as an index into #outputs; 0 means none. */
  readonly #output: Int32Array;
  readonly #outputs: readonly (readonly number[])[];
  readonly #lengths: readonly number[];

  constructor(literals: readonly string[], options: { readonly ignoreCase: boolean }) {
    const folded = literals.map((literal) => (options.ignoreCase ? literal.toLowerCase() : literal));
    this.#lengths = folded.map((literal) => literal.length);
    this.#classOf = new Uint16Array(65536);
    let classes = 1;
    for (const literal of folded) {
      for (let at = 0; at < literal.length; at++) {
        const code = literal.charCodeAt(at);
        if (this.#classOf[code] === 0) this.#classOf[code] = classes++;
      }
    }
    if (options.ignoreCase) for (let code = 65; code <= 90; code++) this.#classOf[code] = this.#classOf[code + 32]!;
    this.#classes = classes;
    const trie = buildTrie(folded, this.#classOf, classes);
    this.#next = trie.next;
    this.#output = trie.output;
    this.#outputs = trie.outputs;
  }

  /** Calls `onHit(literal index, start)` for every occurrence, in order of their ends. */
  scan(text: string, onHit: (literal: number, start: number) => void): void {
    const next = this.#next;
    const classOf = this.#classOf;
    const classes = this.#classes;
    const output = this.#output;
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      state = next[state * classes + classOf[text.charCodeAt(at)]!]!;
      const found = output[state]!;
      if (found !== 0) for (const literal of this.#outputs[found]!) onHit(literal, at + 1 - this.#lengths[literal]!);
    }
  }
}

interface Trie {
  readonly next: Int32Array;
  readonly output: Int32Array;
  readonly outputs: readonly (readonly number[])[];
}

function buildTrie(literals: readonly string[], classOf: Uint16Array, classes: number): Trie {
  const capacity = 1 + literals.reduce((sum, literal) => sum + literal.length, 0);
  const next = new Int32Array(capacity * classes);
  const ends: number[][] = [[]];
  let states = 1;
  literals.forEach((literal, index) => {
    let state = 0;
    for (let at = 0; at < literal.length; at++) {
      const edge = state * classes + classOf[literal.charCodeAt(at)]!;
      if (next[edge] === 0) {
        ends.push([]);
        next[edge] = states++;
      }
      state = next[edge]!;
    }
    if (literal.length > 0) ends[state]!.push(index);
  });
  linkFailures(next, ends, classes);
  const outputs: (readonly number[])[] = [[]];
  const output = new Int32Array(states);
  for (let state = 0; state < states; state++) if (ends[state]!.length > 0) output[state] = outputs.push(ends[state]!) - 1;
  return { next: next.slice(0, states * classes), output, outputs };
}

/** Breadth first: a missing edge goes where the longest proper suffix would go, and a state inherits what ends in that suffix. */
function linkFailures(next: Int32Array, ends: number[][], classes: number): void {
  const failure = new Int32Array(ends.length);
  const queue: number[] = [];
  for (let symbol = 0; symbol < classes; symbol++) if (next[symbol] !== 0) queue.push(next[symbol]!);
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head]!;
    ends[state]!.push(...ends[failure[state]!]!);
    for (let symbol = 0; symbol < classes; symbol++) {
      const edge = state * classes + symbol;
      const fallback = next[failure[state]! * classes + symbol]!;
      if (next[edge] === 0) {
        next[edge] = fallback;
        continue;
      }
      failure[next[edge]!] = fallback;
      queue.push(next[edge]!);
    }
  }
}
