import type { BpeModelParts } from "./bpe-model";
import { byteToChar } from "./byte-alphabet";
import { ByteLevelTokenizer } from "./byte-level-tokenizer";
import { checkedTokens } from "./checked-tokens";
import { flatComponents } from "./component-fields";
import { endOfTextId } from "./end-of-text";
import { contentHash } from "./identity";
import type { MergeTable } from "./merge-table";
import { mergeTable, vocabularyOf } from "./model-json";
import { PackedVocabulary } from "./packed-vocabulary";
import { buildPreTokenizer } from "./pre-tokenizer";
import { preTokenizerBreaks } from "./text-breaks";
import { modelType, type BpeModelJson, type ComponentJson, type TokenizerJson } from "./tokenizer-json";
import { unsupportedComponent } from "./unsupported";
import { WholePieces } from "./whole-pieces";

export interface ByteLevelJsonOptions {
  readonly name: string;
  /** From the model's own configuration; without it the known names decide. */
  readonly endOfText?: string | undefined;
}

/** A byte-level tokenizer.json with its long lists packed. */
export interface PackedByteLevel {
  /** The file without its vocabulary and merges. */
  readonly json: TokenizerJson;
  readonly vocabulary: PackedVocabulary;
  readonly merges: MergeTable;
  readonly contentHash: string;
}

/**
 * A byte-level tokenizer.json on the engine that is made for it.
 * @throws MidtrainError (unsupported) naming the component that this engine does not have (TextTokenizer has more of
 *   them); (corrupt) when vocabulary and merges do not fit.
 */
export function byteLevelFromJson(json: TokenizerJson, options: ByteLevelJsonOptions): ByteLevelTokenizer {
  checkShape(json);
  const vocabulary = vocabularyOf(json.model.vocab);
  const packed = PackedVocabulary.fromMap(vocabulary);
  return byteLevelFromPacked(
    { json, vocabulary: packed, merges: mergeTable(json.model.merges, vocabulary), contentHash: contentHash(json) },
    options,
  );
}

/** The same from packed lists. @throws MidtrainError as `byteLevelFromJson`. */
export function byteLevelFromPacked(
  { json, vocabulary, merges, contentHash: hash }: PackedByteLevel,
  options: ByteLevelJsonOptions,
): ByteLevelTokenizer {
  checkShape(json);
  const addedTokens = checkedTokens(json, vocabulary);
  return new ByteLevelTokenizer({
    name: options.name,
    contentHash: hash,
    engine: "own",
    model: modelParts(json.model, vocabulary, merges, new Set(addedTokens.filter(({ special }) => special).map(({ id }) => id))),
    vocabulary,
    addedTokens,
    ...buildPreTokenizer(json.pre_tokenizer),
    breaks: () => preTokenizerBreaks(json.pre_tokenizer),
    nfc: isNfc(json.normalizer),
    endOfText: endOfTextId(addedTokens, (token) => vocabulary.get(token), options.endOfText),
  });
}

/** Everything but the long lists. @throws MidtrainError (unsupported) */
export function checkShape(json: TokenizerJson): void {
  checkModel(json.model);
  checkDecoder(json.decoder);
  isNfc(json.normalizer);
  buildPreTokenizer(json.pre_tokenizer);
}

function checkModel(model: BpeModelJson): void {
  if (modelType(model) !== "BPE") throw unsupportedComponent(`model ${modelType(model)}`);
  if (model.byte_fallback) throw unsupportedComponent("BPE with byte_fallback");
  if (model.continuing_subword_prefix) throw unsupportedComponent("BPE with continuing_subword_prefix");
  if (model.end_of_word_suffix) throw unsupportedComponent("BPE with end_of_word_suffix");
  if (model.dropout) throw unsupportedComponent("BPE with dropout");
}

function checkDecoder(decoder: ComponentJson | null): void {
  const steps = flatComponents(decoder, "decoders");
  if (steps.length !== 1 || steps[0]!.type !== "ByteLevel") throw unsupportedComponent("a decoder other than ByteLevel");
}

function isNfc(normalizer: ComponentJson | null): boolean {
  const steps = flatComponents(normalizer, "normalizers");
  const other = steps.find(({ type }) => type !== "NFC");
  if (other) throw unsupportedComponent(`normalizer ${other.type}`);
  return steps.length > 0;
}

function modelParts(model: BpeModelJson, vocabulary: PackedVocabulary, merges: MergeTable, specials: ReadonlySet<number>): BpeModelParts {
  const byteIds = Int32Array.from(byteToChar, (char) => vocabulary.get(char) ?? -1);
  // Vocabularies leave out bytes that no text of theirs had (StarCoder2: 0xF1); without ASCII it is no byte-level one.
  const missing = byteIds.findIndex((id, byte) => id < 0 && (byte < 0x80 || typeof model.unk_token === "string"));
  if (missing >= 0) throw unsupportedComponent(`byte-level vocabulary without byte 0x${missing.toString(16)}`);
  return model.ignore_merges ? { merges, byteIds, wholePieces: new WholePieces(vocabulary, specials) } : { merges, byteIds };
}
