import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Tokenizer as Reference, type Encoding } from "tokenizers";
import type { Random } from "../platform/random";
import { byteLevelFromJson } from "./byte-level-json";
import { fuzzText, minifiedText } from "./fuzz-texts";
import type { Tokenizer } from "./tokenizer";
import type { TokenizerJson } from "./tokenizer-json";
import { trainByteLevelBpe } from "./train-bpe";

/** Real tokenizers that lie beside the repository on a developer's machine; tests that need them skip by name without. */
const sharedTokenizers = join(__dirname, "..", "..", "..", "..", "shared", "tokenizers");

export function sharedFile(name: string): string | undefined {
  const file = join(sharedTokenizers, name);
  return existsSync(file) ? file : undefined;
}

/** Text of this room's own sources: real code, always there. */
export function sourceTexts(): string[] {
  return readdirSync(__dirname)
    .filter((name) => name.endsWith(".ts") && name !== "unicode-data.ts")
    .sort()
    .map((name) => readFileSync(join(__dirname, name), "utf8"));
}

let trained: TokenizerJson | undefined;

/** A small vocabulary trained on this room's sources and fuzz atoms. */
export function trainedJson(): TokenizerJson {
  trained ??= trainByteLevelBpe(sourceTexts(), { vocabularySize: 1200, specialTokens: ["<|endoftext|>", "<|im_start|>", "<s>"] });
  return trained;
}

export interface Difference {
  readonly text: string;
  readonly what: "ids" | "offsets" | "decode";
  readonly expected: unknown;
  readonly actual: unknown;
}

/** UTF-16 index of each code point of the text as the reference sees it (lone surrogates are U+FFFD there, one unit here). */
function unitIndex(text: string): number[] {
  const index = [0];
  for (const char of text) index.push(index.at(-1)! + char.length);
  return index;
}

/** First text for which ids, spans or decoded text of the two engines differ. */
export async function firstDifference(own: Tokenizer, reference: Reference, texts: readonly string[]): Promise<Difference | undefined> {
  const encodings = await reference.encodeBatch([...texts], { addSpecialTokens: false });
  const decoded = await reference.decodeBatch(
    encodings.map((encoding) => encoding.getIds()),
    false,
  );
  for (const [index, encoding] of encodings.entries()) {
    const difference = differenceOf(own, encoding, texts[index]!, decoded[index]!);
    if (difference) return difference;
  }
  return undefined;
}

function differenceOf(own: Tokenizer, encoding: Encoding, text: string, decoded: string): Difference | undefined {
  const ids = encoding.getIds();
  const actual = own.encodeWithOffsets(text);
  if (ids.join() !== actual.ids.join()) return { text, what: "ids", expected: ids, actual: [...actual.ids] };
  if (own.encode(text).join() !== ids.join()) return { text, what: "ids", expected: ids, actual: [...own.encode(text)] };
  const units = unitIndex(text);
  const offsets = encoding.getOffsets().flatMap(([start, end]) => [units[start!]!, units[end!]!]);
  if (offsets.join() !== actual.offsets.join()) return { text, what: "offsets", expected: offsets, actual: [...actual.offsets] };
  return decoded === own.decode(ids) ? undefined : { text, what: "decode", expected: decoded, actual: own.decode(ids) };
}

/** First difference over `count` random texts, a long piece without a break among them. */
export async function fuzzAgainstReference(
  json: TokenizerJson,
  random: Random,
  count: number,
  keep = (_text: string): boolean => true,
): Promise<Difference | undefined> {
  const texts = Array.from({ length: count }, (_, index) => (index % 100 === 99 ? minifiedText(random, 2000) : fuzzText(random, 30)));
  return firstDifference(byteLevelFromJson(json, { name: "fuzz" }), Reference.fromString(JSON.stringify(json)), texts.filter(keep));
}
