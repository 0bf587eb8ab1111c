import { MidtrainError } from "@midtrain/protocol/errors";
import { addedToken, type AddedToken } from "./added-tokens";
import type { BpeModelParts } from "./bpe-model";
import { byteToChar } from "./byte-alphabet";
import { ByteLevelTokenizer } from "./byte-level-tokenizer";
import { endOfTextId } from "./end-of-text";
import { contentHash } from "./identity";
import { MergeTable } from "./merge-table";
import { buildPreTokenizer } from "./pre-tokenizer";
import { modelType, type BpeModelJson, type ComponentJson, type TokenizerJson } from "./tokenizer-json";
import { unsupportedComponent } from "./unsupported";

export interface ByteLevelJsonOptions {
  readonly name: string;
  /** From the model's own configuration; without it the known names decide. */
  readonly endOfText?: string | undefined;
}

/**
 * A byte-level tokenizer.json as our own engine.
 * @throws MidtrainError (unsupported) naming the component that the engine does not have; (corrupt) when vocabulary and merges do not fit.
 */
export function byteLevelFromJson(json: TokenizerJson, options: ByteLevelJsonOptions): ByteLevelTokenizer {
  checkModel(json.model);
  const nfc = isNfc(json.normalizer);
  const split = buildPreTokenizer(json.pre_tokenizer);
  // Object.keys, not Object.entries: nine times faster on a hundred thousand members.
  const vocabulary = new Map<string, number>();
  for (const token of Object.keys(json.model.vocab)) vocabulary.set(token, json.model.vocab[token]!);
  const addedTokens = checkedTokens(json, vocabulary);
  return new ByteLevelTokenizer({
    name: options.name,
    contentHash: contentHash(json),
    engine: "own",
    model: modelParts(json.model, vocabulary, new Set(addedTokens.filter(({ special }) => special).map(({ content }) => content))),
    tokens: tokensById(vocabulary),
    addedTokens,
    split,
    nfc,
    endOfText: endOfTextId(addedTokens, (token) => vocabulary.get(token), options.endOfText),
  });
}

function checkModel(model: BpeModelJson): void {
  if (modelType(model) !== "BPE") throw unsupportedComponent(`model ${modelType(model)}`);
  if (model.byte_fallback) throw unsupportedComponent("BPE with byte_fallback");
  if (model.continuing_subword_prefix) throw unsupportedComponent("BPE with continuing_subword_prefix");
  if (model.end_of_word_suffix) throw unsupportedComponent("BPE with end_of_word_suffix");
  if (model.dropout) throw unsupportedComponent("BPE with dropout");
}

function isNfc(normalizer: ComponentJson | null): boolean {
  if (!normalizer) return false;
  if (normalizer.type === "NFC") return true;
  const parts = normalizer.type === "Sequence" ? (normalizer["normalizers"] as ComponentJson[]) : undefined;
  if (parts?.every(({ type }) => type === "NFC")) return parts.length > 0;
  throw unsupportedComponent(`normalizer ${(parts?.find(({ type }) => type !== "NFC") ?? normalizer).type}`);
}

/**
 * The reference ignores the id of an added token that the vocabulary lacks and counts on from the end of the vocabulary
 * (added_vocabulary.rs, add_tokens). A file whose ids say otherwise means different things to different libraries.
 */
function checkedTokens(json: TokenizerJson, vocabulary: ReadonlyMap<string, number>): AddedToken[] {
  let next = vocabulary.size;
  return json.added_tokens.map((member) => {
    const token = addedToken(member);
    const expected = vocabulary.get(token.content) ?? next++;
    if (token.content !== "" && token.id === expected) return token;
    throw new MidtrainError({
      reason: "corrupt",
      message: `The added token ${JSON.stringify(token.content)} has the id ${token.id}, but the reference library gives it ${expected}.`,
      where: "tokenizer.json, added_tokens",
      next: "Put every added token with its id into model.vocab as well.",
    });
  });
}

function modelParts(model: BpeModelJson, vocabulary: ReadonlyMap<string, number>, specials: ReadonlySet<string>): BpeModelParts {
  const byteIds = Int32Array.from(byteToChar, (char) => vocabulary.get(char) ?? -1);
  // Vocabularies leave out bytes that no text of theirs had (StarCoder2: 0xF1); without ASCII it is no byte-level one.
  const missing = byteIds.findIndex((id, byte) => id < 0 && byte < 0x80);
  if (missing >= 0) throw unsupportedComponent(`byte-level vocabulary without byte 0x${missing.toString(16)}`);
  const listed = model.merges ?? [];
  const merges = new MergeTable(listed.length);
  listed.forEach((merge, rank) => {
    const [left, right] = typeof merge === "string" ? splitMerge(merge) : merge;
    const ids = [vocabulary.get(left), vocabulary.get(right), vocabulary.get(left + right)] as const;
    if (ids[0] === undefined || ids[1] === undefined || ids[2] === undefined) throw badMerge(left, right, rank);
    merges.set(ids[0], ids[1], rank, ids[2]);
  });
  if (!model.ignore_merges) return { merges, byteIds };
  return { merges, byteIds, wholePieces: new Map([...vocabulary].filter(([token]) => !specials.has(token))) };
}

function splitMerge(merge: string): readonly [string, string] {
  const space = merge.indexOf(" ");
  return [merge.slice(0, space), merge.slice(space + 1)];
}

function badMerge(left: string, right: string, rank: number): MidtrainError {
  return new MidtrainError({
    reason: "corrupt",
    message: `Merge ${rank} (${JSON.stringify(left)} + ${JSON.stringify(right)}) names a token that the vocabulary does not have.`,
    where: "tokenizer.json, model.merges",
    next: "Take the file from the model's own repository again.",
  });
}

function tokensById(vocabulary: ReadonlyMap<string, number>): (string | undefined)[] {
  const tokens: (string | undefined)[] = [];
  for (const [token, id] of vocabulary) {
    while (tokens.length <= id) tokens.push(undefined);
    tokens[id] = token;
  }
  return tokens;
}
