import { languageKind } from "../rules/languages";
import { MultiPattern } from "./multi-pattern";
import { emailAt, homeLiterals, homeUserAt, ipv4At, ipv6At, ipv6Literals, type Stretch } from "./personal-rules";
import { isUnmistakable, looksLikeKey, looksLikePassword } from "./secret-judgement";
import {
  bareAssignment,
  bearerPattern,
  elementAssignment,
  keyKeywords,
  parameterAssignment,
  parameterStart,
  passwordKeywords,
  privateKeyStart,
  quotedAssignment,
  telegramPattern,
  tokenRules,
  urlCredentials,
} from "./secret-rules";

/** A secret or a personal datum in a text. */
export interface Finding extends Stretch {
  readonly rule: string;
  readonly family: "secret" | "personal";
  /** Its value may be redacted wherever else it stands in the repository. */
  readonly everywhere: boolean;
}

type Detector = (text: string, start: number, bareValues: boolean) => Finding | undefined;

const wordCharacter = /[A-Za-z0-9_]/;

function secret(rule: string, start: number, end: number, value: string, sure = false): Finding {
  return { start, end, rule, family: "secret", everywhere: sure ? value.length <= 400 && !/\s/.test(value) : isUnmistakable(value) };
}

function personal(rule: string, stretch: Stretch | undefined): Finding | undefined {
  return stretch && { ...stretch, rule, family: "personal", everywhere: false };
}

function tokenDetector(id: string, pattern: RegExp): Detector {
  return (text, start) => {
    if (start > 0 && text[start] !== "." && wordCharacter.test(text[start - 1]!)) return undefined;
    pattern.lastIndex = start;
    const match = pattern.exec(text);
    return match === null ? undefined : secret(id, start, start + match[0].length, match[0], true);
  };
}

/** In `get("PASSWORD", "value")` the second argument is a default for the first; elsewhere neighbours in a list have nothing to do with one another. */
const isArgument = /,[ \t]*\\?["'`]$/;
const firstArgument = /\([ \t]{0,4}["'`][\w.-]{0,40}$/;

/** Judges `keyword <operator> value`; the name of the rule says what kind of keyword it was. */
function keywordDetector(keyword: string, rule: string, looksRight: (value: string) => boolean): Detector {
  return (text, start, bareValues) => {
    const before = text.slice(Math.max(0, start - 48), start);
    for (const pattern of [quotedAssignment, bareAssignment, elementAssignment, parameterAssignment]) {
      if ((pattern === bareAssignment && !bareValues) || (pattern === parameterAssignment && !parameterStart.test(before))) continue;
      pattern.lastIndex = start + keyword.length;
      const match = pattern.exec(text);
      if (match === null) continue;
      if (isArgument.test(match[1]!) && !firstArgument.test(before)) return undefined;
      const value = match.at(-1)!;
      const from = start + keyword.length + match[1]!.length;
      return looksRight(value) ? secret(rule, from, from + value.length, value) : undefined;
    }
    return undefined;
  };
}

function groupDetector(rule: string, pattern: RegExp, looksRight: (value: string) => boolean): Detector {
  return (text, start) => {
    pattern.lastIndex = start;
    const match = pattern.exec(text);
    if (match === null || !looksRight(match[2]!)) return undefined;
    const from = start + match[1]!.length;
    return secret(rule, from, from + match[2]!.length, match[2]!);
  };
}

const urlPlaceholder = /^[$%{<*]|[{}<>*]|^(?:pass(?:word|wd)?|pwd|secret|token|x+|\d{1,5})$/i;

function isUrlPassword(value: string): boolean {
  return !urlPlaceholder.test(value);
}

/** A PEM private key: from the opening line through its body to the closing one, or to where base64 ends. */
const privateKey: Detector = (text, start) => {
  privateKeyStart.lastIndex = start;
  const opening = privateKeyStart.exec(text);
  if (opening === null) return undefined;
  const bodyStart = start + opening[0].length;
  const window = text.slice(bodyStart, bodyStart + 65_536);
  const closing = /-----END (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----/.exec(window);
  const body = closing === null ? (/^[A-Za-z0-9+/=\s\\"',:;.()-]*/.exec(window)?.[0] ?? "") : window.slice(0, closing.index);
  const base64 =
    body
      .replace(/\\[nr]/g, "")
      .match(/[A-Za-z0-9+/=]{16,}/g)
      ?.join("") ?? "";
  if (base64.length < 64) return undefined;
  const end = closing === null ? bodyStart + body.trimEnd().length : bodyStart + closing.index + closing[0].length;
  return secret("private-key", start, end, text.slice(start, end));
};

const telegram: Detector = (text, start) => {
  let from = start;
  while (from > 0 && start - from < 11 && /\d/.test(text[from - 1]!)) from--;
  telegramPattern.lastIndex = from;
  const match = from === start || (from > 0 && wordCharacter.test(text[from - 1]!)) ? null : telegramPattern.exec(text);
  return match === null ? undefined : secret("telegram-token", from, from + match[0].length, match[0], true);
};

const detectors: readonly (readonly [literal: string, detect: Detector])[] = [
  ...tokenRules.flatMap((rule) => rule.literals.map((literal) => [literal, tokenDetector(rule.id, rule.pattern)] as const)),
  [":AA", telegram],
  ["-----BEGIN ", privateKey],
  ["://", groupDetector("url-password", urlCredentials, isUrlPassword)],
  ["bearer", groupDetector("authorization", bearerPattern, looksLikeKey)],
  ["basic", groupDetector("authorization", bearerPattern, looksLikeKey)],
  ...passwordKeywords.map((keyword) => [keyword, keywordDetector(keyword, "password", looksLikePassword)] as const),
  ...keyKeywords.map((keyword) => [keyword, keywordDetector(keyword, "key", looksLikeKey)] as const),
  ["@", (text, at) => personal("email", emailAt(text, at))],
  ...Array.from("0123456789", (digit) => [`.${digit}`, (text: string, dot: number) => personal("ip-address", ipv4At(text, dot))] as const),
  ...ipv6Literals.map((literal) => [literal, (text: string, start: number) => personal("ip-address", ipv6At(text, start))] as const),
  ...homeLiterals.map(
    (literal) => [literal, (text: string, start: number) => personal("user-name", homeUserAt(text, start, literal.length))] as const,
  ),
];

const literals = new MultiPattern(
  detectors.map(([literal]) => literal),
  { ignoreCase: true },
);

/** Languages in which a value stands without quotes. */
function hasBareValues(language: string): boolean {
  return (
    languageKind(language) === "config" ||
    language === "shellscript" ||
    language === "plaintext" ||
    language === "markdown" ||
    language === "restructuredtext"
  );
}

/**
 * Secrets and personal data of a text, in order, not overlapping. One pass over the text finds the literals that any of them must contain;
 * a pattern of bounded length then judges each place, so the time is linear in the text.
 */
export function findSensitive(text: string, language: string): Finding[] {
  const findings: Finding[] = [];
  const bareValues = hasBareValues(language);
  literals.scan(text, (literal, start) => {
    const finding = detectors[literal]![1](text, start, bareValues);
    if (finding !== undefined) findings.push(finding);
  });
  return findings.length < 2 ? findings : withoutOverlaps(findings);
}

/** A named credential says more than the keyword before it, and either says more than a personal datum inside it. */
function weight(finding: Finding): number {
  if (finding.family === "personal") return 0;
  return ["password", "key", "authorization", "url-password"].includes(finding.rule) ? 1 : 2;
}

/** Merges overlapping findings into one that covers them all and is named after the most telling. */
export function withoutOverlaps(findings: readonly Finding[]): Finding[] {
  const sorted = [...findings].sort((a, b) => a.start - b.start || b.end - a.end || weight(b) - weight(a));
  const merged: Finding[] = [];
  for (const finding of sorted) {
    const last = merged.at(-1);
    if (last === undefined || finding.start >= last.end) {
      merged.push(finding);
      continue;
    }
    const named = weight(finding) > weight(last) ? finding : last;
    merged[merged.length - 1] = { ...named, start: last.start, end: Math.max(last.end, finding.end) };
  }
  return merged;
}

/** Credentials whose shape gives them away, in a path or another short name. */
export function findCredentials(name: string): Finding[] {
  return findSensitive(name, "").filter((finding) => weight(finding) === 2);
}
