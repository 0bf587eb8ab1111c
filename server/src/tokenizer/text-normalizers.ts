import { MidtrainError } from "@midtrain/protocol/errors";
import type { AlignedText } from "./aligned-text";
import { byteToChar } from "./byte-alphabet";
import { booleanField, flatComponents, patternField, textField } from "./component-fields";
import { normalForm } from "./normal-forms";
import { precompiledNormalizer } from "./precompiled-normalizer";
import { literalMatcher, patternMatcher } from "./text-matches";
import type { ComponentJson } from "./tokenizer-json";
import { classSet } from "./unicode-classes";
import { mappingOf } from "./unicode-forms";
import { unsupportedComponent } from "./unsupported";

/** One step of a normalizer; spans are carried along. */
export type TextNormalizer = (text: AlignedText) => AlignedText;

/**
 * The normalizer of a tokenizer.json, step by step.
 * @throws MidtrainError (unsupported) naming the first component that the engine does not have.
 */
export function buildNormalizer(component: ComponentJson | null): TextNormalizer | undefined {
  const steps = flatComponents(component, "normalizers").map(buildStep);
  if (steps.length === 0) return undefined;
  return (text) => steps.reduce((current, step) => step(current), text);
}

function buildStep(step: ComponentJson): TextNormalizer {
  switch (step.type) {
    case "NFC":
    case "NFD":
    case "NFKC":
    case "NFKD":
      return normalForm(step.type);
    case "Lowercase":
      return lowercase;
    case "Strip":
      return strip(booleanField(step, "strip_left"), booleanField(step, "strip_right"));
    case "StripAccents":
      return without(classSet("CombiningMark"));
    case "Replace":
      return replace(step);
    case "Prepend":
      return (text) => text.prepend(textField(step, "prepend"));
    case "BertNormalizer":
      return bert(step);
    case "Nmt":
      return nmt;
    case "ByteLevel":
      return toByteAlphabet;
    case "Precompiled":
      return precompiledNormalizer(textField(step, "precompiled_charsmap"));
    default:
      throw unsupportedComponent(`normalizer ${step.type}`);
  }
}

function replace(step: ComponentJson): TextNormalizer {
  const { text: pattern, isRegex } = patternField(step);
  const content = textField(step, "content");
  if (pattern === "") throw unsupportedComponent("normalizer Replace with an empty pattern");
  if (!isRegex && pattern.length === 1 && content.length === 1) return (text) => text.withText(text.text.replaceAll(pattern, content));
  const matcher = isRegex ? patternMatcher(pattern, "oniguruma") : literalMatcher(pattern);
  return (text) => {
    const hits = matcher(text.text).filter(({ hit }) => hit);
    // What is put in where nothing was has no place in the original, and the reference's own bookkeeping breaks on it.
    if (hits.some(({ from, to }) => from === to)) throw emptyMatch(pattern);
    return text.replace(
      hits.map(({ from, to }) => [from, to]),
      content,
    );
  };
}

function emptyMatch(pattern: string): MidtrainError {
  return new MidtrainError({
    reason: "unsupported",
    message: `Unsupported tokenizer component: normalizer Replace with ${JSON.stringify(pattern)}, which matches nothing in this text.`,
    next: "Use a tokenizer whose Replace always matches a character.",
  });
}

/** Character by character, without the context of a final sigma, as the reference. */
function lowercase(text: AlignedText): AlignedText {
  const lower = mappingOf("lower");
  const points: number[] = [];
  const changes: number[] = [];
  for (const char of text.text) {
    const point = char.codePointAt(0)!;
    for (const [index, part] of (lower.get(point) ?? [point]).entries()) {
      points.push(part);
      changes.push(index === 0 ? 0 : 1);
    }
  }
  return text.transform(points, changes);
}

/** Takes characters out; each that stays counts how many after it are gone. */
function without(gone: (point: number) => boolean): TextNormalizer {
  return (text) => {
    const points: number[] = [];
    const changes: number[] = [];
    let removed = 0;
    for (const char of text.text) {
      const point = char.codePointAt(0)!;
      if (!gone(point)) {
        points.push(point);
        changes.push(0);
      } else if (points.length === 0) removed++;
      else changes[changes.length - 1]!--;
    }
    const isWhole = removed === 0 && changes.every((change) => change === 0);
    return isWhole ? text : text.transform(points, changes, removed);
  };
}

function strip(left: boolean, right: boolean): TextNormalizer {
  const isSpace = classSet("White_Space");
  return (text) => {
    let from = 0;
    let to = text.text.length;
    // Every white space is one UTF-16 unit.
    while (left && from < to && isSpace(text.text.charCodeAt(from))) from++;
    while (right && to > from && isSpace(text.text.charCodeAt(to - 1))) to--;
    if (from === 0 && to === text.text.length) return text;
    const points = Array.from(text.text.slice(from, to), (char) => char.codePointAt(0)!);
    return text.transform(points, new Array<number>(points.length).fill(0), from);
  };
}

function mapUnits(pattern: RegExp): TextNormalizer {
  return (text) => text.withText(text.text.replace(pattern, " "));
}

const nmtRemoved = new Set([0x0b, 0x7f, 0x8f, 0x9f]);
const nmtFilter = without((point) => (point >= 1 && point <= 8) || (point >= 0x0e && point <= 0x1f) || nmtRemoved.has(point));
const nmtSpaces = mapUnits(/[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]/g);

function nmt(text: AlignedText): AlignedText {
  return nmtSpaces(nmtFilter(text));
}

const cjkRanges = [
  [0x4e00, 0x9fff],
  [0x3400, 0x4dbf],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b73f],
  [0x2b740, 0x2b81f],
  [0x2b920, 0x2ceaf],
  [0xf900, 0xfaff],
  [0x2f800, 0x2fa1f],
] as const;

/** Spaces around every ideograph: the space before it takes its place, and the ideograph and the space after it are put in. */
function spacedIdeographs(text: AlignedText): AlignedText {
  if (!/[^\u0000-\u33ff]/.test(text.text)) return text;
  const points: number[] = [];
  const changes: number[] = [];
  for (const char of text.text) {
    const point = char.codePointAt(0)!;
    if (cjkRanges.some(([first, last]) => point >= first && point <= last)) {
      points.push(0x20, point, 0x20);
      changes.push(0, 1, 1);
    } else {
      points.push(point);
      changes.push(0);
    }
  }
  return text.transform(points, changes);
}

function bert(step: ComponentJson): TextNormalizer {
  const lower = booleanField(step, "lowercase");
  const accents = step["strip_accents"] === null || step["strip_accents"] === undefined ? lower : booleanField(step, "strip_accents");
  const steps: TextNormalizer[] = [];
  const isSpace = classSet("White_Space");
  if (booleanField(step, "clean_text")) {
    steps.push(without(classSet("BertRemoved")));
    steps.push((text) => text.withText(text.text.replace(/[^\u0021-\u007e]/g, (unit) => (isSpace(unit.charCodeAt(0)) ? " " : unit))));
  }
  if (booleanField(step, "handle_chinese_chars")) steps.push(spacedIdeographs);
  if (accents) steps.push(normalForm("NFD"), without(classSet("BertAccent")));
  if (lower) steps.push(lowercase);
  return (text) => steps.reduce((current, next) => next(current), text);
}

const utf8 = new TextEncoder();

/** Every byte of the UTF-8 as its character of the byte alphabet. */
export function toByteAlphabet(text: AlignedText): AlignedText {
  const points: number[] = [];
  const changes: number[] = [];
  for (const char of text.text) {
    for (const [index, byte] of utf8.encode(char).entries()) {
      points.push(byteToChar[byte]!.charCodeAt(0));
      changes.push(index === 0 ? 0 : 1);
    }
  }
  return text.transform(points, changes);
}
