import { MidtrainError } from "@midtrain/protocol/errors";
import { badField, booleanField, countField, textField } from "./component-fields";
import { MergeTable } from "./merge-table";
import { RememberingModel } from "./remembering-model";
import { SymbolBpe } from "./symbol-bpe";
import type { TokenModel } from "./token-model";
import { modelType, type ComponentJson, type TokenizerJson } from "./tokenizer-json";
import { Unigram } from "./unigram";
import { unsupportedComponent } from "./unsupported";
import { WordLevel, WordPiece } from "./word-models";

/** Ids are indices of arrays and rows of matrices; none beyond this belongs to a real vocabulary. */
const largestId = 1 << 24;

/** Words longer than this would make WordPiece quadratic on a file of one line. */
const longestWord = 10_000;

/**
 * The model of a tokenizer.json over characters.
 * @param specials contents of the special tokens.
 * @throws MidtrainError (unsupported) naming what the engine does not have; (corrupt) when vocabulary and merges do not fit.
 */
export function buildModel(json: TokenizerJson, specials: ReadonlySet<string>): TokenModel {
  const model = json.model as unknown as ComponentJson;
  const type = modelType(json.model);
  if (type === "Unigram") return new RememberingModel(unigram(model, specials));
  if (type !== "BPE" && type !== "WordPiece" && type !== "WordLevel") throw unsupportedComponent(`model ${type}`);
  const vocabulary = vocabularyOf(model["vocab"]);
  const specialIds = idsOf(specials, vocabulary);
  if (type === "BPE") return symbolBpe(model, vocabulary, specialIds);
  const parts = { vocabulary, specials: specialIds, unknown: textField(model, "unk_token") };
  if (type === "WordLevel") return new WordLevel(parts);
  const longest = countField(model, "max_input_chars_per_word");
  if (longest > longestWord) throw unsupportedComponent(`WordPiece with words of ${longest} characters`);
  return new RememberingModel(new WordPiece({ ...parts, prefix: textField(model, "continuing_subword_prefix"), longestWord: longest }));
}

function idsOf(tokens: ReadonlySet<string>, vocabulary: ReadonlyMap<string, number>): ReadonlySet<number> {
  return new Set([...tokens].flatMap((token) => vocabulary.get(token) ?? []));
}

/** A vocabulary with one id a token and one token an id. @throws MidtrainError (corrupt) */
export function vocabularyOf(vocab: unknown): ReadonlyMap<string, number> {
  if (typeof vocab !== "object" || vocab === null || Array.isArray(vocab)) throw corrupt("The model has no vocabulary of tokens and ids.");
  const ids = vocab as Readonly<Record<string, unknown>>;
  const vocabulary = new Map<string, number>();
  // Object.keys, not Object.entries: nine times faster on a hundred thousand members.
  const tokens = Object.keys(ids);
  const seen = new Uint8Array(Math.min(largestId, 4 * tokens.length + 1024));
  const far = new Set<number>();
  for (const token of tokens) {
    const id = ids[token];
    if (typeof id !== "number" || !Number.isInteger(id) || id < 0 || id >= largestId)
      throw corrupt(`The token ${JSON.stringify(token)} has the id ${JSON.stringify(id)?.slice(0, 40)}.`);
    if (id < seen.length ? seen[id] === 1 : far.has(id))
      throw corrupt(`The id ${id} belongs to two tokens, ${JSON.stringify(token)} and another.`);
    if (id < seen.length) seen[id] = 1;
    else far.add(id);
    vocabulary.set(token, id);
  }
  return vocabulary;
}

function corrupt(message: string): MidtrainError {
  return new MidtrainError({
    reason: "corrupt",
    message,
    where: "tokenizer.json, model",
    next: "Take the file from the model's own repository again.",
  });
}

/** Calls back with the two sides of every merge. @throws MidtrainError (corrupt) for what is no merge. */
function eachMerge(merges: unknown, visit: (left: string, right: string) => void): void {
  if (!Array.isArray(merges)) throw corrupt("The model has no list of merges.");
  for (const [index, merge] of (merges as readonly unknown[]).entries()) {
    if (typeof merge === "string") {
      // The first line of a merges.txt that went into the list.
      if (merge.startsWith("#version")) continue;
      const space = merge.indexOf(" ");
      if (space < 0 || merge.includes(" ", space + 1)) throw corrupt(`Merge ${index} is not a pair of tokens.`);
      visit(merge.slice(0, space), merge.slice(space + 1));
    } else if (Array.isArray(merge) && merge.length === 2 && typeof merge[0] === "string" && typeof merge[1] === "string")
      visit(merge[0], merge[1]);
    else throw corrupt(`Merge ${index} is not a pair of tokens.`);
  }
}

/** Pairs of ids with what they merge to; a pair that is listed twice counts as it stands last. @param prefixLength of a right side that is not part of the merged token. */
export function mergeTable(merges: unknown, vocabulary: ReadonlyMap<string, number>, prefixLength = 0): MergeTable {
  const table = new MergeTable(Array.isArray(merges) ? merges.length : 0);
  let rank = 0;
  eachMerge(merges, (left, right) => {
    const first = vocabulary.get(left);
    const second = vocabulary.get(right);
    const merged = vocabulary.get(left + right.slice(prefixLength));
    if (first === undefined || second === undefined || merged === undefined)
      throw corrupt(`Merge ${rank} (${JSON.stringify(left)} + ${JSON.stringify(right)}) names a token that the vocabulary does not have.`);
    table.set(first, second, rank++, merged);
  });
  return table;
}

function symbolBpe(model: ComponentJson, vocabulary: ReadonlyMap<string, number>, specials: ReadonlySet<number>): SymbolBpe {
  if (model["dropout"]) throw unsupportedComponent("BPE with dropout");
  const prefix = optionalText(model, "continuing_subword_prefix") ?? "";
  const suffix = optionalText(model, "end_of_word_suffix") ?? "";
  const byteFallback = booleanField(model, "byte_fallback", false);
  if (byteFallback && (prefix || suffix)) throw unsupportedComponent("BPE with byte_fallback and a prefix or suffix");
  const isByte = (token: string): boolean => token.length === 6 && token.startsWith("<0x") && token.endsWith(">");
  let mergesBytes = false;
  eachMerge(model["merges"], (left, right) => (mergesBytes ||= isByte(left) || isByte(right)));
  return new SymbolBpe({
    vocabulary,
    merges: mergeTable(model["merges"], vocabulary, prefix.length),
    specials,
    unknown: optionalText(model, "unk_token"),
    fuseUnknown: booleanField(model, "fuse_unk", false),
    byteFallback,
    ignoreMerges: booleanField(model, "ignore_merges", false),
    prefix,
    suffix,
    mergesBytes,
  });
}

function optionalText(model: ComponentJson, field: string): string | undefined {
  return model[field] === null || model[field] === undefined ? undefined : textField(model, field);
}

function unigram(model: ComponentJson, specials: ReadonlySet<string>): Unigram {
  const vocab = model["vocab"];
  if (!Array.isArray(vocab) || vocab.length === 0 || vocab.length > largestId) throw badField({ ...model, type: "Unigram" }, "vocab");
  const scores = (vocab as readonly unknown[]).map((entry, id) => {
    if (Array.isArray(entry) && entry.length === 2 && typeof entry[0] === "string" && typeof entry[1] === "number")
      return [entry[0], entry[1]] as const;
    throw corrupt(`Entry ${id} of the vocabulary is not a token with its score.`);
  });
  const unknown =
    model["unk_id"] === null || model["unk_id"] === undefined ? undefined : countField({ ...model, type: "Unigram" }, "unk_id");
  if (unknown !== undefined && unknown >= scores.length) throw corrupt(`The unknown token's id ${unknown} is outside the vocabulary.`);
  const ids = new Map(scores.map(([token], id) => [token, id]));
  if (ids.size !== scores.length) throw corrupt("A token stands twice in the vocabulary.");
  return new Unigram({ scores, specials: idsOf(specials, ids), unknown, byteFallback: booleanField(model, "byte_fallback", false) });
}
