import { MidtrainError } from "@midtrain/protocol/errors";
import { byteToChar } from "./byte-alphabet";
import { IntList } from "./int-list";
import { cl100kScanner } from "./scanners";
import type { AddedTokenJson, TokenizerJson } from "./tokenizer-json";

/** Qwen2's split: contractions, one leading character glued to a word, single digits, line breaks apart. */
const trainedSplitPattern =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

export interface TrainBpeOptions {
  /** Size of the whole vocabulary: special tokens, 256 bytes and merges. */
  readonly vocabularySize: number;
  /** Contents of the special tokens; they take the first ids, in this order. */
  readonly specialTokens: readonly string[];
  /** Longer pre-token pieces (base64, minified separators) do not count; UTF-8 bytes. Default 128. */
  readonly maxPieceBytes?: number;
}

/**
 * Trains a byte-level BPE (the most frequent adjacent pair becomes a token, again and again) and returns it as a
 * Hugging Face tokenizer.json object. Special tokens stand in `added_tokens` and, with the same id, in `model.vocab`:
 * otherwise the Rust library renumbers them once merges follow. The result does not depend on the order of the texts;
 * equal counts are decided by the smaller pair of ids.
 * @throws MidtrainError (usage) when the vocabulary has no room for the bytes or a special token is empty or twice.
 */
export function trainByteLevelBpe(texts: Iterable<string>, options: TrainBpeOptions): TokenizerJson {
  const { vocabularySize, specialTokens } = options;
  const base = specialTokens.length + 256;
  if (vocabularySize < base || new Set(specialTokens).size !== specialTokens.length || specialTokens.includes("")) {
    throw new MidtrainError({
      reason: "usage",
      message: `A vocabulary of ${vocabularySize} does not hold 256 bytes and ${specialTokens.length} distinct, non-empty special tokens.`,
      where: "vocabularySize",
      next: `Ask for at least ${base} tokens.`,
    });
  }
  const pieces = countPieces(texts, options.maxPieceBytes ?? 128);
  return tokenizerJson(specialTokens, new BpeTrainer(pieces, specialTokens).mergeUntil(vocabularySize));
}

interface CountedPiece {
  readonly symbols: number[];
  readonly count: number;
}

interface TrainedBpe {
  /** Token texts by id: special tokens as they are, the others in the byte alphabet. */
  readonly tokens: readonly string[];
  readonly merges: readonly (readonly [string, string])[];
}

/** Distinct pieces with their byte values and how often each occurs. */
function countPieces(texts: Iterable<string>, maxBytes: number): { readonly bytes: Uint8Array; readonly count: number }[] {
  const scan = cl100kScanner(1);
  const counts = new Map<string, number>();
  const ends = new IntList();
  for (const text of texts) {
    ends.clear();
    scan(text, 0, text.length, ends);
    for (let i = 0, start = 0; i < ends.length; i++) {
      const end = ends.items[i]!;
      if (end - start > 1 && end - start <= maxBytes) {
        const piece = text.slice(start, end);
        counts.set(piece, (counts.get(piece) ?? 0) + 1);
      }
      start = end;
    }
  }
  const encoder = new TextEncoder();
  return Array.from(counts, ([piece, count]) => ({ bytes: encoder.encode(piece), count })).filter(({ bytes }) => bytes.length <= maxBytes);
}

/** Ids stay below 2^21, so that a pair is one exact double. */
const pairBase = 2 ** 21;

/** Counts of adjacent pairs over the distinct pieces, kept up to date merge by merge; the best pair comes from a lazy heap. */
class BpeTrainer {
  private readonly pieces: CountedPiece[];
  private readonly counts = new Map<number, number>();
  private readonly places = new Map<number, Set<number>>();
  private readonly heap = new PairHeap();

  private readonly tokens: string[];
  private readonly ids = new Map<string, number>();

  constructor(
    pieces: readonly { readonly bytes: Uint8Array; readonly count: number }[],
    private readonly specialTokens: readonly string[],
  ) {
    this.tokens = [...specialTokens, ...byteToChar];
    const firstByte = specialTokens.length;
    this.pieces = pieces.map(({ bytes, count }) => ({ symbols: Array.from(bytes, (byte) => firstByte + byte), count }));
    this.pieces.forEach(({ symbols, count }, index) => {
      for (let i = 1; i < symbols.length; i++) this.add(symbols[i - 1]! * pairBase + symbols[i]!, count, index);
    });
    for (const [pair, count] of this.counts) this.heap.push(count, pair);
  }

  mergeUntil(vocabularySize: number): TrainedBpe {
    const merges: [string, string][] = [];
    while (this.tokens.length < vocabularySize) {
      const pair = this.takeBest();
      if (pair === undefined) break;
      const left = Math.floor(pair / pairBase);
      const right = pair % pairBase;
      const text = this.tokens[left]! + this.tokens[right]!;
      // Ordinary text must never become the id of a special token.
      if (this.specialTokens.includes(text)) this.forget(pair);
      else {
        this.apply(pair, left, right, this.idOf(text));
        merges.push([this.tokens[left]!, this.tokens[right]!]);
      }
    }
    return { tokens: this.tokens, merges };
  }

  /** Two merges can give one text ("a" + "bc", "ab" + "c"): they share its id, as in the Rust trainer. */
  private idOf(text: string): number {
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    this.ids.set(text, this.tokens.length);
    this.tokens.push(text);
    return this.tokens.length - 1;
  }

  /** The most frequent pair that occurs at least twice. Heap entries may be stale: those are put back with their true count. */
  private takeBest(): number | undefined {
    for (let entry = this.heap.pop(); entry; entry = this.heap.pop()) {
      const count = this.counts.get(entry.pair) ?? 0;
      if (count < 2) continue;
      if (count === entry.count) return entry.pair;
      this.heap.push(count, entry.pair);
    }
    return undefined;
  }

  private apply(pair: number, left: number, right: number, id: number): void {
    const touched = new Set<number>();
    for (const index of this.places.get(pair) ?? []) this.mergeInPiece(index, left, right, id, touched);
    this.forget(pair);
    for (const changed of touched) {
      const count = this.counts.get(changed);
      if (count !== undefined && count >= 2) this.heap.push(count, changed);
    }
  }

  private forget(pair: number): void {
    this.counts.delete(pair);
    this.places.delete(pair);
  }

  private mergeInPiece(index: number, left: number, right: number, id: number, touched: Set<number>): void {
    const { symbols, count } = this.pieces[index]!;
    let write = 0;
    for (let read = 0; read < symbols.length; read++) {
      if (symbols[read] !== left || symbols[read + 1] !== right) {
        symbols[write++] = symbols[read]!;
        continue;
      }
      const before = write > 0 ? symbols[write - 1]! : -1;
      const after = read + 2 < symbols.length ? symbols[read + 2]! : -1;
      if (before >= 0) this.replace(before * pairBase + left, before * pairBase + id, count, index, touched);
      if (after >= 0) this.replace(right * pairBase + after, id * pairBase + after, count, index, touched);
      symbols[write++] = id;
      read++;
    }
    symbols.length = write;
  }

  private replace(old: number, created: number, count: number, index: number, touched: Set<number>): void {
    const left = (this.counts.get(old) ?? 0) - count;
    if (left > 0) this.counts.set(old, left);
    else this.counts.delete(old);
    this.add(created, count, index);
    touched.add(created);
  }

  private add(pair: number, count: number, index: number): void {
    this.counts.set(pair, (this.counts.get(pair) ?? 0) + count);
    const places = this.places.get(pair);
    if (places) places.add(index);
    else this.places.set(pair, new Set([index]));
  }
}

interface PairEntry {
  readonly count: number;
  readonly pair: number;
}

/** Binary heap: highest count first, then the smaller pair. */
class PairHeap {
  private readonly entries: PairEntry[] = [];

  push(count: number, pair: number): void {
    const entries = this.entries;
    const entry = { count, pair };
    let at = entries.length;
    entries.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(entry, entries[parent]!)) break;
      entries[at] = entries[parent]!;
      at = parent;
    }
    entries[at] = entry;
  }

  pop(): PairEntry | undefined {
    const entries = this.entries;
    const top = entries[0];
    const last = entries.pop();
    if (top === undefined || last === undefined || entries.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= entries.length) break;
      if (child + 1 < entries.length && before(entries[child + 1]!, entries[child]!)) child++;
      if (!before(entries[child]!, last)) break;
      entries[at] = entries[child]!;
      at = child;
    }
    entries[at] = last;
    return top;
  }
}

function before(a: PairEntry, b: PairEntry): boolean {
  return a.count !== b.count ? a.count > b.count : a.pair < b.pair;
}

function tokenizerJson(specialTokens: readonly string[], { tokens, merges }: TrainedBpe): TokenizerJson {
  const added: AddedTokenJson[] = specialTokens.map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false };
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [{ type: "Split", pattern: { Regex: trainedSplitPattern }, behavior: "Isolated", invert: false }, byteLevel],
    },
    post_processor: byteLevel,
    decoder: byteLevel,
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      // fromEntries, not assignment: "__proto__" is a token like any other.
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges,
    },
  };
}
