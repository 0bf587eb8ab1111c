import { describe, expect, it } from "vitest";
import { seededRandom } from "../platform/random";
import { fuzzText, minifiedText } from "./fuzz-texts";
import { IntList } from "./int-list";
import { patternSplitter } from "./pattern";
import { oracleSplitter } from "./pattern-oracle.test-support";
import type { PatternDialect } from "./pattern-syntax";
import { regexSplitter } from "./pre-tokenizer";
import type { Splitter } from "./scanners";

const upper = "\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}";
const lower = "\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}";
const suffix = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";

/** Split patterns that tokenizers have, and constructs that they might. */
const patterns: readonly (readonly [name: string, pattern: string, dialect?: PatternDialect])[] = [
  ["GPT-2", "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"],
  [
    "cl100k of tiktoken",
    "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}+| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+|\\s++$|\\s*[\\r\\n]|\\s+(?!\\S)|\\s",
    "rust",
  ],
  [
    "Qwen2",
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  ],
  [
    "Llama-3",
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  ],
  [
    "o200k",
    `[^\\r\\n\\p{L}\\p{N}]?[${upper}]*[${lower}]+${suffix}|[^\\r\\n\\p{L}\\p{N}]?[${upper}]+[${lower}]*${suffix}|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`,
    "rust",
  ],
  ["DeepSeek lines", "[\r\n]"],
  ["DeepSeek words", "\\s?\\p{L}+"],
  ["DeepSeek punctuation", "\\s?\\p{P}+"],
  ["DeepSeek ideographs", "[一-龥ࠀ-一가-퟿]+"],
  [
    "DeepSeek-3, without symbols",
    "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}]?[\\p{L}\\p{M}]+| ?[\\p{P}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  ],
  ["digits in threes", "\\p{N}{1,3}"],
  ["digits in threes from the right", "\\p{N}{1,3}(?=(?:\\p{N}{3})*(?!\\p{N}))"],
  ["after a space", "(?<=\\s)\\p{L}+|(?<!\\p{N}\\p{N})\\p{N}"],
  ["lazy", "\\p{L}+?\\p{N}|\\s{2,4}?|.{3,}?x"],
  ["lookahead of two", "a+(?=\\s\\s)|\\p{L}+(?!\\p{N}\\p{N})"],
  ["possessive that fails", "\\p{L}++\\p{L}|\\p{N}{2,5}\\p{N}?+\\.|\\s*+\\n"],
  ["possessive group", "(?:\\p{L}\\p{N}|\\p{L})++'|\\s+"],
  ["empty alternatives", "(?:a|)(?:b|)|\\p{N}*"],
  ["preference before length", "\\p{L}|\\p{L}\\p{L}+|\\s|\\s+\\p{L}"],
  ["end", "\\s+$|\\p{L}$|[^\\n]", "rust"],
];

function cut(split: Splitter, text: string, start = 0, end = text.length): number[] {
  const ends = new IntList();
  split(text, start, end, ends);
  return [...ends.toArray()];
}

describe("compiled patterns", () => {
  for (const [name, pattern, dialect = "oniguruma"] of patterns) {
    it(`cut as the plain regular expression: ${name}`, () => {
      const compiled = patternSplitter(pattern, dialect);
      const plain = oracleSplitter(pattern, dialect);
      // What the tokenizers take: written by hand for some patterns.
      const taken = name === "empty alternatives" ? compiled : regexSplitter(pattern, dialect);
      const random = seededRandom("patterns", name);
      for (let count = 0; count < 1500; count++) {
        const text = count % 100 === 99 ? minifiedText(random, 300) : fuzzText(random, 24);
        expect({ text, ends: cut(compiled, text) }).toEqual({ text, ends: cut(plain, text) });
        expect({ text, ends: cut(taken, text) }).toEqual({ text, ends: cut(plain, text) });
        const start = random.int(text.length + 1);
        const end = start + random.int(text.length - start + 1);
        expect({ text, start, end, ends: cut(compiled, text, start, end) }).toEqual({
          text,
          start,
          end,
          ends: cut(plain, text, start, end),
        });
      }
    });
  }
});
