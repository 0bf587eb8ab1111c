import { readFileSync } from "node:fs";
import { canonicalJson, sha256 } from "../platform/hash";
import { addedToken } from "./added-tokens";
import { byteToChar, bytesToAlphabet } from "./byte-alphabet";
import { ByteLevelTokenizer } from "./byte-level-tokenizer";
import { IntList } from "./int-list";
import { MergeTable } from "./merge-table";
import { PackedVocabulary, WholePieces } from "./packed-vocabulary";
import { regexSplitter } from "./pre-tokenizer";
import { patternBreaks } from "./text-breaks";
import { tiktokenFile, tiktokenRanks, type TiktokenEncoding } from "./tiktoken-ranks";
import type { VocabularyCache } from "./vocabulary-cache";

interface CachedMeta {
  readonly pattern: string;
  readonly specials: readonly (readonly [content: string, id: number])[];
  readonly contentHash: string;
  readonly behaviour: string;
}

/**
 * An OpenAI encoding (`o200k_base`, `cl100k_base`, …) on our own engine.
 * @param cache where the packed lists are looked for, and put after this turn of the event loop.
 * @throws MidtrainError (input) for an unknown name.
 */
export function tiktokenTokenizer(name: string, cache?: VocabularyCache): ByteLevelTokenizer {
  const bytes = readFileSync(tiktokenFile(name));
  const key = sha256(bytes);
  const cached = cache?.read(key);
  if (cached) {
    const { pattern, specials, contentHash, behaviour } = cached.meta as CachedMeta;
    const tokenizer = assemble({ name: `tiktoken:${name}`, pattern, specials: new Map(specials), nfc: false }, cached, contentHash);
    if (tokenizer.identity.behaviour === behaviour) return tokenizer;
  }
  const encoding = JSON.parse(bytes.toString("utf8")) as TiktokenEncoding;
  const specials = new Map(Object.entries(encoding.special_tokens));
  const parts = { name: `tiktoken:${name}`, pattern: encoding.pat_str, specials, nfc: false };
  const lists = rankLists(tiktokenRanks(encoding));
  const contentHash = sha256(canonicalJson(encoding));
  const tokenizer = assemble(parts, lists, contentHash);
  const meta: CachedMeta = { pattern: parts.pattern, specials: [...specials], contentHash, behaviour: tokenizer.identity.behaviour };
  if (cache) setImmediate(() => cache.write(key, { ...lists, meta }));
  return tokenizer;
}

export interface RankParts {
  readonly name: string;
  /** Default: the hash of all other parts. */
  readonly contentHash?: string;
  /** In the dialect of Rust's regular expressions, as tiktoken takes it. */
  readonly pattern: string;
  readonly ranks: Iterable<readonly [bytes: Uint8Array, rank: number]>;
  readonly specials: ReadonlyMap<string, number>;
  readonly nfc: boolean;
}

/** Tokens with ranks instead of merges, as tiktoken encodes them. */
export function rankTokenizer({ contentHash, ranks, ...parts }: RankParts): ByteLevelTokenizer {
  const lists = rankLists(ranks);
  return assemble(
    parts,
    lists,
    contentHash ?? sha256(JSON.stringify([parts.pattern, parts.nfc, [...parts.specials], tokensAndIds(lists.vocabulary)])),
  );
}

interface RankLists {
  readonly vocabulary: PackedVocabulary;
  readonly merges: MergeTable;
}

function rankLists(ranks: RankParts["ranks"]): RankLists {
  const ids = new Map<string, number>();
  for (const [bytes, rank] of ranks) ids.set(bytesToAlphabet(bytes), rank);
  const vocabulary = PackedVocabulary.fromMap(ids);
  return { vocabulary, merges: rankMerges(vocabulary) };
}

function tokensAndIds(vocabulary: PackedVocabulary): (readonly [string, number])[] {
  return Array.from({ length: vocabulary.idCount }, (_, id) => [vocabulary.textOf(id), id] as const).flatMap(([token, id]) =>
    token === undefined ? [] : [[token, id]],
  );
}

function assemble(
  { name, pattern, specials, nfc }: Omit<RankParts, "contentHash" | "ranks">,
  { vocabulary, merges }: RankLists,
  contentHash: string,
): ByteLevelTokenizer {
  const byteIds = Int32Array.from(byteToChar, (char) => vocabulary.get(char) ?? -1);
  return new ByteLevelTokenizer({
    name,
    contentHash,
    engine: "tiktoken",
    model: { merges, byteIds, wholePieces: new WholePieces(vocabulary) },
    vocabulary,
    addedTokens: [...specials].map(([content, id]) => addedToken({ id, content, special: true })),
    split: regexSplitter(pattern, "rust"),
    refine: undefined,
    breaks: () => patternBreaks(pattern, "rust"),
    nfc,
    endOfText: specials.get("<|endoftext|>") ?? specials.get("<|end_of_text|>"),
  });
}

/**
 * Ranks instead of merges: any two neighbours whose concatenation is a token merge with that token's rank, and a whole
 * piece that is a token stays one. So every split of every token into two tokens is a merge.
 */
function rankMerges(vocabulary: PackedVocabulary): MergeTable {
  const { text, starts, ids } = vocabulary.arrays;
  const pairs = new IntList(3 * vocabulary.size);
  for (let entry = 0; entry < vocabulary.size; entry++) {
    const [start, end] = [starts[entry]!, starts[entry + 1]!];
    for (let cut = start + 1; cut < end; cut++) {
      // Within a character of the alphabet.
      if ((text[cut]! & 0xc0) === 0x80) continue;
      const left = vocabulary.find(text, start, cut);
      const right = left < 0 ? -1 : vocabulary.find(text, cut, end);
      if (right >= 0) for (const number of [left, right, ids[entry]!]) pairs.push(number);
    }
  }
  const merges = new MergeTable(pairs.length / 3);
  const { items } = pairs;
  for (let i = 0; i < pairs.length; i += 3) merges.set(items[i]!, items[i + 1]!, items[i + 2]!, items[i + 2]!);
  return merges;
}
