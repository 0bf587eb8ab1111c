import { textKernel } from "../kernel/text-kernel";
import { languageKind } from "../rules/languages";
import { AnchorFilter, type Anchor } from "./anchor-filter";
import { commandLiterals, commandValueAt } from "./command-values";
import { personal, secret, type Finding } from "./finding";
import { jwkPrivateAt, privateKeyAt, puttyKeyAt } from "./key-blocks";
import { keywords, keywordValue } from "./keyword-values";
import { boundarySymbol, digitSymbol, pairBits, symbolCount } from "./letter-pairs";
import { emailAt, homeLiterals, homeUserAt, ipv4At, ipv6At, ipv6Literals } from "./personal-rules";
import { isFilledIn, looksLikeKey } from "./secret-judgement";
import { azureSecretPattern, bearerPattern, telegramPattern, tokenRules, urlCredentials } from "./secret-rules";
import { unnamedValue } from "./unnamed-values";

export type { Finding } from "./finding";

type Detector = (text: string, start: number, bareValues: boolean) => Finding | undefined;

function isWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;
}

function tokenDetector(id: string, literal: string, pattern: RegExp): Detector {
  return (text, start) => {
    if (start > 0 && isWordCode(text.charCodeAt(start)) && isWordCode(text.charCodeAt(start - 1)) && !isEscape(text, start))
      return undefined;
    pattern.lastIndex = start;
    const match = pattern.exec(text);
    // Providers write EXAMPLE into the keys of their documentation.
    if (match === null || match[0].includes("EXAMPLE") || isFilledIn(match[0].slice(literal.length))) return undefined;
    const from = literal.startsWith(".") ? wordStart(text, start) : start;
    const to = start + match[0].length;
    return secret(id, from, to, text.slice(from, to), true);
  };
}

/** Where the word before a mark in the middle of a token begins. */
function wordStart(text: string, mark: number): number {
  let start = mark;
  while (start > 0 && mark - start < 20 && isWordCode(text.charCodeAt(start - 1))) start--;
  return start;
}

/** The letter of `\n` before a token is no part of it. */
function isEscape(text: string, start: number): boolean {
  return text.charCodeAt(start - 2) === 92 && "nrt".includes(text[start - 1]!);
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

const urlPlaceholder =
  /^[$%{<*]|[{}<>,]|^\*+$|^(?:\w{0,8}pass(?:word|wd)?|pwd|secret|token|change[-_]?(?:me|it|this)|x+|[a-z]{1,5}|\d{1,5})$/i;

function isUrlPassword(value: string): boolean {
  return !urlPlaceholder.test(value);
}

const authorization = groupDetector("authorization", bearerPattern, looksLikeKey);

const azureSecret: Detector = (text, start) => {
  const from = start - 3;
  if (from < 0 || (from > 0 && isWordCode(text.charCodeAt(from - 1)))) return undefined;
  azureSecretPattern.lastIndex = from;
  const match = azureSecretPattern.exec(text);
  return match === null ? undefined : secret("azure-secret", from, from + match[0].length, match[0], true);
};

const telegram: Detector = (text, start) => {
  let from = start;
  while (from > 0 && start - from < 11 && text.charCodeAt(from - 1) >= 48 && text.charCodeAt(from - 1) <= 57) from--;
  telegramPattern.lastIndex = from;
  const match = from === start || (from > 0 && isWordCode(text.charCodeAt(from - 1))) ? null : telegramPattern.exec(text);
  return match === null ? undefined : secret("telegram-token", from, from + match[0].length, match[0], true);
};

/** The three characters of a literal that words of code hold least often: they are looked for first. */
function rarest(literal: string): number {
  let best = 0;
  let bestBits = -1;
  const symbol = (at: number): number => {
    const code = literal.charCodeAt(at) | 32;
    const digit = literal.charCodeAt(at);
    return code >= 97 && code <= 122 ? code - 97 : digit >= 48 && digit <= 57 ? digitSymbol : boundarySymbol;
  };
  for (let at = 0; at + 3 <= literal.length; at++) {
    const [a, b, c] = [symbol(at), symbol(at + 1), symbol(at + 2)] as [number, number, number];
    const boundaries = [a, b, c].filter((one) => one === boundarySymbol).length;
    const bits = pairBits[a * symbolCount + b]! + pairBits[b * symbolCount + c]! + 2 - 5 * Math.max(0, boundaries - 1);
    if (bits > bestBits) [best, bestBits] = [at, bits];
  }
  return best;
}

function anchored(literal: string, ignoreCase: boolean, detect: Detector): readonly [Anchor, Detector] {
  return [{ literal, ignoreCase, at: rarest(literal) }, detect];
}

const detectors: readonly (readonly [Anchor, Detector])[] = [
  ...tokenRules.flatMap((rule) => rule.literals.map((literal) => anchored(literal, false, tokenDetector(rule.id, literal, rule.pattern)))),
  anchored(":AA", false, telegram),
  anchored("8Q~", false, azureSecret),
  anchored("7Q~", false, azureSecret),
  anchored("-----BEGIN ", false, privateKeyAt),
  anchored("Private-Lines:", false, puttyKeyAt),
  anchored('"d"', false, jwkPrivateAt),
  [{ literal: "://", ignoreCase: false, at: 0 }, groupDetector("url-password", urlCredentials, isUrlPassword)],
  ...["bearer ", "basic "].map((literal) => anchored(literal, true, authorization)),
  ...["token ", "apikey "].map((literal) =>
    anchored(literal, true, (text, start, bareValues) =>
      /authorization["']?\s{0,4}[:=,]\s{0,4}["']?$/i.test(text.slice(Math.max(0, start - 32), start))
        ? authorization(text, start, bareValues)
        : undefined,
    ),
  ),
  ...commandLiterals.map((literal, index) => anchored(literal, false, (text, start) => commandValueAt(index, text, start))),
  ...keywords.map((keyword) =>
    anchored(keyword.literal, keyword.ignoreCase, (text, start, bareValues) => keywordValue(keyword, text, start, bareValues)),
  ),
  [{ literal: "\u0001@\u0001", ignoreCase: false, at: 0 }, (text, start) => personal("email", emailAt(text, start + 1))],
  [{ literal: "\u0002.\u0002", ignoreCase: false, at: 0 }, (text, start) => personal("ip-address", ipv4At(text, start + 1))],
  ...ipv6Literals.map((literal) => anchored(literal, true, (text, start) => personal("ip-address", ipv6At(text, start)))),
  ...homeLiterals.map((literal) =>
    anchored(literal, true, (text, start) => personal("user-name", homeUserAt(text, start, literal.length))),
  ),
];

const filter = new AnchorFilter(detectors.map(([anchor]) => anchor));

/** Languages in which a value stands without quotes. */
function hasBareValues(language: string): boolean {
  const kind = languageKind(language);
  return kind === "config" || kind === "prose" || language === "shellscript" || language === "makefile" || language === "bat";
}

/**
 * Secrets and personal data of a text, in order, not overlapping. One pass finds the literals that named ones must contain, one the long
 * runs of letters and digits that unnamed ones are; a look of bounded length then judges each place, so the time is linear in the text.
 */
export function findSensitive(text: string, language: string): Finding[] {
  const findings: Finding[] = [];
  const bareValues = hasBareValues(language);
  const kernel = textKernel();
  kernel.loadLow(text);
  filter.scan(text, (anchor, start) => {
    const finding = detectors[anchor]![1](text, start, bareValues);
    if (finding !== undefined) findings.push(finding);
  });
  const runs = kernel.findRuns();
  for (let at = 0; at < runs.length; at += 2) {
    const finding = unnamedValue(text, runs[at]!, runs[at + 1]!, bareValues);
    if (finding !== undefined) findings.push(finding);
  }
  return findings.length < 2 ? findings : withoutOverlaps(findings);
}

const unspecific: Readonly<Record<string, number>> = { "unnamed-secret": 1, password: 2, key: 2, authorization: 2, "url-password": 2 };

/** A named credential says more than the keyword before it, and either says more than a personal datum inside it. */
function weight(finding: Finding): number {
  return finding.family === "personal" ? 0 : (unspecific[finding.rule] ?? 3);
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
  return findSensitive(name, "").filter((finding) => weight(finding) === 3);
}
