/** Texts that make a tokenizer slow or large: the effort is counted, not timed. */
import { describe, expect, it } from "vitest";
import { seededRandom } from "../platform/random";
import { byteLevelFromJson } from "./byte-level-json";
import { fuzzText, minifiedText } from "./fuzz-texts";
import { IntList } from "./int-list";
import { PatternAutomaton } from "./pattern-automaton";
import { patternSplitter } from "./pattern";
import { programOf } from "./pattern-program";
import { PieceCache, longestCachedPiece } from "./piece-cache";
import { trainedJson } from "./reference.test-support";

const gpt2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
const llama3 =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const o200k =
  "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

const size = 200_000;
const hostile: readonly (readonly [name: string, text: string])[] = [
  ["one letter", "a".repeat(size)],
  ["capitals", "A".repeat(size)],
  ["spaces, then a word", `${" ".repeat(size)}x`],
  ["a line break, then spaces", `\n${" ".repeat(size)}x`],
  ["spaces and line breaks", " \n".repeat(size / 2)],
  ["digits", "7".repeat(size)],
  ["punctuation", "!/".repeat(size / 2)],
  ["combining marks", "\u0301".repeat(size)],
  ["apostrophes", "'".repeat(size)],
  ["minified", minifiedText(seededRandom("hostile"), size)],
];

/** Characters that the automaton reads to cut the whole text. */
function charactersRead(pattern: string, text: string): number {
  const automaton = new PatternAutomaton(programOf(pattern, "oniguruma")!);
  let read = 0;
  for (let at = automaton.nextStart(text, 0, text.length); at < text.length;) {
    const end = automaton.matchEnd(text, at, text.length);
    read += automaton.examined - at;
    at = automaton.nextStart(text, Math.max(end, at + 1), text.length);
  }
  return read;
}

describe("hostile texts", () => {
  for (const [name, text] of hostile) {
    it(`are read a bounded number of times over: ${name}`, () => {
      for (const pattern of [gpt2, llama3, o200k]) expect(charactersRead(pattern, text)).toBeLessThan(4 * text.length + 100);
    });
  }

  it("come back whole from megabytes without a break", () => {
    const tokenizer = byteLevelFromJson({ ...trainedJson(), normalizer: { type: "NFC" } }, { name: "hostile" });
    for (const text of ["a".repeat(3_000_000), `${" ".repeat(1_000_000)}x`, "\n \t".repeat(400_000), "\u0000".repeat(500_000)]) {
      const { ids, offsets } = tokenizer.encodeWithOffsets(text);
      expect(tokenizer.decode(ids) === text).toBe(true);
      expect(offsets.at(-1)).toBe(text.length);
    }
  });

  it("are refused in words where a pattern needs too many steps", () => {
    const cut = (pattern: string, text: string) => () => patternSplitter(pattern, "oniguruma")(text, 0, text.length, new IntList());
    // Each start reads to the end of the run and finds nothing.
    expect(cut("a+b|c", "a".repeat(100_000))).toThrow(/too many steps/);
    expect(cut("(?:aa|a)+(?=bb)|c", "a".repeat(60))).toThrow(/too many steps/);
    expect(cut("(?=(?:a+a+)+b)a", "a".repeat(60))).toThrow(/too many steps/);
    // A nested repeat that would take for ever by backtracking costs nothing here.
    expect(cut("(?:a+)+b|a", "a".repeat(500))).not.toThrow();
  });

  it("refuse patterns that are too large or too deep, at once", () => {
    const build = (pattern: string) => () => patternSplitter(pattern, "oniguruma");
    expect(build("(?:(?:(?:a{1,1000}){1,1000}){1,1000}){1,1000}")).toThrow(/too large/);
    expect(build(`${"(?:".repeat(5000)}a${")".repeat(5000)}`)).toThrow(/nested deeper/);
    expect(build("a{99999999}")).toThrow(/a?\{99999999\}/);
    expect(build("(?:a*)*")).toThrow(/may be empty/);
  });

  it("keep the automaton's states few, however many a pattern could have", () => {
    // Two to the power of eighteen states, if all were kept.
    const automaton = new PatternAutomaton(programOf(`[ab]*a${"[ab]".repeat(17)}c|[ab]`, "oniguruma")!);
    const random = seededRandom("states");
    const text = Array.from({ length: 10_000 }, () => "ab"[random.int(2)]!).join("");
    for (let at = 0; at < 3; at++) expect(automaton.matchEnd(text, at, text.length)).toBe(at + 1);
    expect(automaton.states).toBeLessThanOrEqual(2048);
    expect(automaton.transitionsBuilt).toBeGreaterThan(20_000);
    const { length } = text;
    expect(() => patternSplitter(`[ab]*a${"[ab]".repeat(17)}c|[ab]`, "oniguruma")(text, 0, length, new IntList())).toThrow(
      /too many steps/,
    );
  });
});

describe("the cache of pieces", () => {
  it("forgets and goes on, and never gives another piece's tokens", () => {
    const cache = new PieceCache();
    const random = seededRandom("piece cache");
    const out = new IntList();
    let known = 0;
    for (let count = 0; count < 300_000; count++) {
      const piece = count % 3 === 0 ? `p${random.int(1000)}` : `q${count.toString(36)}`;
      const id = piece.length * 31 + piece.charCodeAt(piece.length - 1);
      const entry = cache.find(piece, 0, piece.length);
      if (entry < 0) cache.store(piece, 0, piece.length, Int32Array.of(id), Int32Array.of(0, piece.length), 1);
      else {
        known++;
        out.clear();
        cache.copy(entry, out, undefined, 0);
        if (out.items[0] !== id) expect(out.items[0]).toBe(id);
      }
    }
    expect(known).toBeGreaterThan(50_000);
  });

  it("leaves long pieces and texts of new words to the tokenizer, with the same result", () => {
    const random = seededRandom("bounded");
    const tokenizer = byteLevelFromJson(trainedJson(), { name: "bounded" });
    const sample = fuzzText(random, 40);
    const before = tokenizer.encode(sample);
    for (let count = 0; count < 40; count++)
      tokenizer.encode(Array.from({ length: 4000 }, () => `w${random.int(1 << 30).toString(36)}`).join(" "));
    tokenizer.encode("x".repeat(longestCachedPiece + 1));
    expect(tokenizer.encode(sample)).toEqual(before);
  });
});
