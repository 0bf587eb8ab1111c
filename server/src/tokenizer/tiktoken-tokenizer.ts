import { readFileSync } from "node:fs";
import { MidtrainError } from "@midtrain/protocol/errors";
import { canonicalJson, sha256 } from "../platform/hash";
import { addedToken } from "./added-tokens";
import { byteToChar } from "./byte-alphabet";
import { ByteLevelTokenizer } from "./byte-level-tokenizer";
import type { MergeTable } from "./merge-table";
import type { PackedVocabulary } from "./packed-vocabulary";
import { regexSplitter } from "./pre-tokenizer";
import { rankMerges } from "./rank-merges";
import { patternBreaks } from "./text-breaks";
import { eachTiktokenRank, tiktokenFile, type TiktokenEncoding } from "./tiktoken-ranks";
import type { VocabularyCache } from "./vocabulary-cache";
import { AlphabetVocabularyBuilder, WholePieces } from "./whole-pieces";

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
  const lists = rankLists((visit) => eachTiktokenRank(encoding, visit));
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
  const lists = rankLists((visit) => {
    for (const [bytes, rank] of ranks) visit(bytes, bytes.length, rank);
  });
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

/** @param each calls back with bytes[0, length) and the rank of every token. @throws MidtrainError (corrupt) */
function rankLists(each: (visit: (bytes: Uint8Array, length: number, rank: number) => void) => void): RankLists {
  const builder = new AlphabetVocabularyBuilder();
  each((bytes, length, rank) => builder.add(bytes, length, rank));
  const vocabulary = builder.build();
  if (vocabulary) return { vocabulary, merges: rankMerges(vocabulary) };
  throw new MidtrainError({
    reason: "corrupt",
    message: "Two tokens of this list have one rank, or two ranks one token.",
    where: "--tokenizer",
    next: "Take the file from its own place again.",
  });
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
