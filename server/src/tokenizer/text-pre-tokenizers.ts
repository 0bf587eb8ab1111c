import type { AlignedText } from "./aligned-text";
import { badField, behaviorOf, booleanField, charField, countField, flatComponents, patternField } from "./component-fields";
import { gpt2Pattern } from "./pre-tokenizer";
import { charMatcher, literalMatcher, patternMatcher, splitPieces, type Matcher, type SplitBehavior, type Stretch } from "./text-matches";
import { toByteAlphabet } from "./text-normalizers";
import type { ComponentJson } from "./tokenizer-json";
import { classSet } from "./unicode-classes";
import { scriptGroups } from "./unicode-forms";
import { unsupportedComponent } from "./unsupported";

/** Cuts a piece into pieces; none of them is empty. */
export type TextSplitter = (piece: AlignedText) => AlignedText[];

/**
 * The pre-tokenizer of a tokenizer.json over aligned text, stage by stage.
 * @throws MidtrainError (unsupported) naming the first component that the engine does not have.
 */
export function buildTextPreTokenizer(component: ComponentJson | null): TextSplitter {
  const stages = flatComponents(component, "pretokenizers").flatMap(buildStages);
  return (piece) => stages.reduce((pieces, stage) => pieces.flatMap(stage), [piece]).filter(({ text }) => text !== "");
}

function buildStages(stage: ComponentJson): TextSplitter[] {
  switch (stage.type) {
    case "ByteLevel":
      return [byteLevel(stage)];
    case "Metaspace":
      return [metaspace(stage)];
    case "Split":
      return [splitStage(stage)];
    case "Digits":
      return [by(charMatcher(classSet("Numeric")), booleanField(stage, "individual_digits") ? "Isolated" : "Contiguous")];
    case "Punctuation":
      return [by(charMatcher(classSet("Punctuation")), stage["behavior"] === undefined ? "Isolated" : behaviorOf(stage))];
    case "Whitespace":
      return [by(words, "Removed")];
    case "WhitespaceSplit":
      return [by(charMatcher(classSet("White_Space")), "Removed")];
    case "BertPreTokenizer":
      return [by(charMatcher(classSet("White_Space")), "Removed"), by(charMatcher(classSet("Punctuation")), "Isolated")];
    case "CharDelimiterSplit":
      return [by(literalMatcher(charField(stage, "delimiter")), "Removed")];
    case "UnicodeScripts":
      return [unicodeScripts()];
    case "FixedLength":
      return [fixedLength(countField({ length: 5, ...stage }, "length"))];
    default:
      throw unsupportedComponent(`pre-tokenizer ${stage.type}`);
  }
}

function by(matcher: Matcher, behavior: SplitBehavior): TextSplitter {
  return (piece) => splitPieces(matcher(piece.text), behavior).flatMap(({ from, to }) => (from < to ? [piece.slice(from, to)] : []));
}

function splitStage(stage: ComponentJson): TextSplitter {
  const { text, isRegex } = patternField(stage);
  const matcher = isRegex || text === "" ? patternMatcher(text, "oniguruma") : literalMatcher(text);
  const inverted: Matcher = (range) => matcher(range).map(({ from, to, hit }) => ({ from, to, hit: !hit }));
  return by(booleanField(stage, "invert") ? inverted : matcher, behaviorOf(stage));
}

const wordKind = { space: 0, word: 1, other: 2 } as const;

/** `\w+|[^\w\s]+` with white space as the hits. */
function words(text: string): Stretch[] {
  const isWord = classSet("Word");
  const isSpace = classSet("White_Space");
  const stretches: Stretch[] = [];
  let from = 0;
  let kind = -1;
  let at = 0;
  const close = (): void => {
    if (from < at) stretches.push({ from, to: at, hit: kind === wordKind.space });
    from = at;
  };
  for (const char of text) {
    const point = char.codePointAt(0)!;
    const next = isWord(point) ? wordKind.word : isSpace(point) ? wordKind.space : wordKind.other;
    if (next !== kind) close();
    kind = next;
    at += char.length;
  }
  close();
  return stretches;
}

function byteLevel(stage: ComponentJson): TextSplitter {
  const prefix = booleanField(stage, "add_prefix_space");
  const split = booleanField(stage, "use_regex", true) ? by(patternMatcher(gpt2Pattern, "oniguruma"), "Isolated") : undefined;
  return (piece) => {
    const spaced = prefix && !piece.text.startsWith(" ") ? piece.prepend(" ") : piece;
    return (split ? split(spaced) : [spaced]).map(toByteAlphabet);
  };
}

/** "always", "first" (only where the original begins) or "never"; files of before the member say `add_prefix_space`. */
export function prependScheme(stage: ComponentJson): "always" | "first" | "never" {
  const scheme = stage["prepend_scheme"] ?? "always";
  if (scheme !== "always" && scheme !== "first" && scheme !== "never") throw badField(stage, "prepend_scheme");
  // The reference refuses a file that says two things, and takes a missing scheme for "always".
  if (stage["add_prefix_space"] === false && scheme !== "never") throw badField(stage, "prepend_scheme");
  return scheme;
}

function metaspace(stage: ComponentJson): TextSplitter {
  const replacement = charField(stage, "replacement");
  if (replacement.length > 1) throw unsupportedComponent("Metaspace with a replacement beyond U+FFFF");
  const scheme = prependScheme(stage);
  const splits = booleanField(stage, "split", true) ? by(literalMatcher(replacement), "MergedWithNext") : undefined;
  return (piece) => {
    const marked = piece.withText(piece.text.replaceAll(" ", replacement));
    const wanted = scheme === "always" || (scheme === "first" && piece.origin === 0);
    const whole = wanted && !marked.text.startsWith(replacement) ? marked.prepend(replacement) : marked;
    return splits ? splits(whole) : [whole];
  };
}

function fixedLength(length: number): TextSplitter {
  if (length === 0) throw unsupportedComponent("pre-tokenizer FixedLength of length 0");
  return (piece) => {
    const pieces: AlignedText[] = [];
    let from = 0;
    let at = 0;
    let count = 0;
    for (const char of piece.text) {
      at += char.length;
      if (++count % length > 0) continue;
      pieces.push(piece.slice(from, at));
      from = at;
    }
    if (from < at) pieces.push(piece.slice(from, at));
    return pieces;
  };
}

/** Cuts where the script changes. What belongs to none, as a space, stays with what is before it; before all others it is dropped, as in the reference. */
function unicodeScripts(): TextSplitter {
  const groups = scriptGroups();
  return (piece) => {
    const cuts: number[] = [];
    let last = 0;
    let at = 0;
    for (const char of piece.text) {
      const group = groups[char.codePointAt(0)!]!;
      if (group !== 0 && group !== last) cuts.push(at);
      if (group !== 0) last = group;
      at += char.length;
    }
    return cuts.map((from, index) => piece.slice(from, cuts[index + 1] ?? at));
  };
}
