import { behaviorOf, booleanField, flatComponents, patternField } from "./component-fields";
import { IntList } from "./int-list";
import { patternSplitter } from "./pattern";
import { cl100kScanner, digitsScanner, gpt2Scanner, punctuationScanner, type Splitter } from "./scanners";
import { canMatchNothing, literalMatcher, patternMatcher, type Matcher } from "./text-matches";
import { isLocalStage } from "./text-breaks";
import type { ComponentJson } from "./tokenizer-json";
import { unsupportedComponent } from "./unsupported";

/** The pattern of ByteLevel with use_regex. */
export const gpt2Pattern = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
/** The pattern of cl100k_base and the families after it; `digits` says how many numbers stay together. */
export const cl100kPattern = (digits: string): string =>
  `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;

export const o200kPattern = [
  "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
  "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
  "\\p{N}{1,3}",
  " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*",
  "\\s*[\\r\\n]+",
  "\\s+(?!\\S)",
  "\\s+",
].join("|");

/** Patterns that match somewhere from every character on: nothing lies between two matches. */
const totalPatterns: readonly string[] = [gpt2Pattern, cl100kPattern(""), cl100kPattern("{1,3}"), o200kPattern];

/** A regular expression as splitter: the well-known ones by a hand-written scanner (the same pieces, three times as fast). */
export function regexSplitter(pattern: string, dialect: "oniguruma" | "rust"): Splitter {
  if (pattern === gpt2Pattern) return gpt2Scanner();
  if (pattern === cl100kPattern("")) return cl100kScanner(1);
  if (pattern === cl100kPattern("{1,3}")) return cl100kScanner(3);
  return canMatchNothing(pattern, dialect) ? matcherSplitter(patternMatcher(pattern, dialect)) : patternSplitter(pattern, dialect);
}

/** Every stretch of a matcher as a piece; an empty match cuts. */
function matcherSplitter(matcher: Matcher): Splitter {
  return (text, start, end, ends) => {
    for (const { from, to } of matcher(text.slice(start, end))) if (from < to) ends.push(start + to);
  };
}

/** A pre-tokenizer in two parts: what a piece of `split` is cut into by `refine` depends on nothing but that piece. */
export interface PreTokenizer {
  readonly split: Splitter;
  /** Undefined when `split` is all there is. */
  readonly refine: Splitter | undefined;
}

/**
 * The pre-tokenizer of a byte-level tokenizer over the text itself: all that only cuts, and a closing ByteLevel without
 * prefix space. `split` ends with the first stage that makes words: their tokens can be remembered.
 * @throws MidtrainError (unsupported) naming the first component that takes text out, changes it or is not known.
 */
export function buildPreTokenizer(component: ComponentJson | null): PreTokenizer {
  const stages = flatComponents(component, "pretokenizers");
  const last = stages.at(-1);
  if (last?.type !== "ByteLevel")
    throw unsupportedComponent(last ? `pre-tokenizer ${last.type} without a closing ByteLevel` : "no pre-tokenizer");
  const splitters = stages.map((stage, index) => stageSplitter(stage, index === stages.length - 1));
  const words = 1 + stages.findIndex((stage) => !isLocalStage(stage));
  const refining = splitters.slice(words).flat();
  return { split: chain(splitters.slice(0, words).flat()), refine: refining.length === 0 ? undefined : chain(refining) };
}

function stageSplitter(stage: ComponentJson, isLast: boolean): Splitter[] {
  switch (stage.type) {
    case "ByteLevel":
      // Later stages would see the byte alphabet instead of the text.
      if (!isLast) throw unsupportedComponent("a pre-tokenizer after ByteLevel");
      if (booleanField(stage, "add_prefix_space")) throw unsupportedComponent("ByteLevel with add_prefix_space");
      return booleanField(stage, "use_regex", true) ? [gpt2Scanner()] : [];
    case "Split":
      return [splitStage(stage)];
    case "Digits":
      return [digitsScanner(booleanField(stage, "individual_digits"))];
    case "Punctuation":
      return [punctuationStage(stage)];
    default:
      throw unsupportedComponent(`pre-tokenizer ${stage.type}`);
  }
}

function punctuationStage(stage: ComponentJson): Splitter {
  const behavior = stage["behavior"] === undefined ? "Isolated" : behaviorOf(stage);
  if (behavior === "Isolated" || behavior === "Contiguous") return punctuationScanner(behavior === "Contiguous");
  throw unsupportedComponent(`Punctuation with behavior ${behavior}`);
}

function splitStage(stage: ComponentJson): Splitter {
  const behavior = behaviorOf(stage);
  const inverted = booleanField(stage, "invert");
  const { text, isRegex } = patternField(stage);
  // What is kept of a text that the pattern covers is every match.
  const keepsAll = behavior === "Removed" && inverted && isRegex && totalPatterns.includes(text);
  if (behavior !== "Isolated" && !keepsAll) throw unsupportedComponent(`Split with behavior ${behavior}${inverted ? " and invert" : ""}`);
  if (isRegex) return regexSplitter(text, "oniguruma");
  return matcherSplitter(text === "" ? patternMatcher(text, "oniguruma") : literalMatcher(text));
}

/** Each stage cuts every piece of the stage before. */
export function chain(stages: readonly Splitter[]): Splitter {
  const [first, ...rest] = stages;
  if (!first) return (_text, start, end, ends) => void (end > start && ends.push(end));
  return rest.reduce(pair, first);
}

function pair(outer: Splitter, inner: Splitter): Splitter {
  const cuts = new IntList();
  return (text, start, end, ends) => {
    cuts.clear();
    outer(text, start, end, cuts);
    for (let i = 0, from = start; i < cuts.length; i++) {
      const to = cuts.items[i]!;
      // One unit cannot be cut.
      if (to - from === 1) ends.push(to);
      else inner(text, from, to, ends);
      from = to;
    }
  };
}
