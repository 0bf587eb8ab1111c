import { secret, type Finding } from "./finding";
import { looksLikeKey, looksLikePassword, looksRandom } from "./secret-judgement";

/** Names that a secret is assigned to. Of names inside one another the shorter is enough: what follows it is the tail of the name. */
const passwordNames = [
  "password",
  "passwd",
  "passwort",
  "passphrase",
  "passcode",
  "pwd",
  "identified by",
  "requirepass",
  "pass",
  "psk",
] as const;
const keyNames = [
  "secret",
  "token",
  "apikey",
  "access_key",
  "private_key",
  "credential",
  "_key",
  "-key",
  "privatekey",
  "accountkey",
  "auth",
  "secretkey",
  "encryptionkey",
  "licensekey",
];

interface Keyword {
  readonly literal: string;
  readonly ignoreCase: boolean;
  readonly rule: "password" | "key";
  /** Part of too many words to count in the middle of one. */
  readonly isShort: boolean;
  /** Counts only at the end of a name: `LOW_PASS_FILTER`, `KEY_ESC`. */
  readonly isPart: boolean;
}

export const keywords: readonly Keyword[] = [
  ...passwordNames.map((literal) => ({
    literal,
    ignoreCase: true,
    rule: "password" as const,
    isShort: literal.length <= 4,
    isPart: literal === "pass",
  })),
  ...["pw=", "pw:", "pw ", 'pw"', "pw'", "pw>"].map((literal) => ({
    literal,
    ignoreCase: true,
    rule: "password" as const,
    isShort: true,
    isPart: false,
  })),
  ...keyNames.map((literal) => ({
    literal,
    ignoreCase: true,
    rule: "key" as const,
    isShort: literal === "auth",
    isPart: /^[_-]/.test(literal),
  })),
  { literal: "Key", ignoreCase: false, rule: "key", isShort: false, isPart: true },
];

const tailPattern = /[A-Za-z0-9_-]{0,28}/y;
/** Last words of names that speak about a secret instead of holding one. */
const aboutSecret =
  /(?:^|[_-]|(?<=[a-z]))(?:ids?|names?|ur[il]s?|paths?|files?|types?|len|length|size|count|fields?|columns?|headers?|expir\w*|ttl|at|date|time|policy|pattern|regexp?|re|hash(?:es|ed)?|digest|version|label|placeholder|hint|errors?|message|msg|prompt|required|enabled|endpoint|min|max|reset|changed|strength|title|provider|class|index|format|prefix|suffix|params?|manager|mgr\w*|service|store|info|text|description|help|usage|scope|issuer|audience|kind|status|state|checksum|fingerprint|pub|public|algorithm|alg|method|mode|ref|arn|list|map)\d?$/i;
const typeNote = String.raw`(?:[ \t]{0,2}\??:[ \t]{0,2}[A-Za-z][\w.]{0,20}(?=[ \t]{0,4}=)|[ \t]+(?:string|String|str)(?=[ \t]{0,4}=))?`;
/** Between name and value, in quotes: closing signs, an operator (group 1), a string prefix, the quote (2), the value (3). */
const quoted = new RegExp(
  String.raw`(?:\[\])?(?:\\?["'\x60])?[\])]{0,2}${typeNote}[ \t]{0,12}(=>|:=|\?=|===?|!==?|:-|[:=]|\|\||\?\?|\bor\b|\bto\b|\bis\b|,|\||\(|)[ \t]{0,12}(?:[A-Za-z]{1,2}(?=["'\x60]))?\\?(["'\x60])([^\s"'\x60\\]{6,400})\\?\2`,
  "iy",
);
/** `key="DbPassword" value="…"`, `name="password">…<`, `<password>…</password>`, and a list entry whose value stands on the next line. */
const pairs: readonly RegExp[] = [
  /["'`][ \t]{1,4}(?:value|content)[ \t]{0,2}=[ \t]{0,2}["']([^\s"'<>]{6,400})["']/iy,
  /["']?(?:[ \t]{1,8}[\w:.-]{1,40}=["'][^"'<>\n]{0,200}["']){0,4}>[ \t]{0,4}([^\s<>"']{6,300})[ \t]{0,4}<\//y,
  /["'][ \t]{0,4}\{[^{}]{0,200}?\bdefault[ \t]{0,8}=[ \t]{0,4}"([^\s"$]{6,300})"/y,
  /["']?[ \t]{0,8}\r?\n[ \t]{0,40}value[ \t]{0,4}:[ \t]{1,8}["']?([^\s"'#{}$]{6,300})["']?[ \t]*$/imy,
];
const bare =
  /["'`]?[ \t]{0,8}(?:=>|\|(?!\|)|[:=](?![=>]))[ \t]{0,8}((?![{[(<$%&|"'`*])[^\s"'`,;<>{}()|]{6,300})(?=(["'`|]|[ \t]*)(?:\r?$|[#;|\\]|[ \t]+["'$\w|#-]))/imy;
const parameter = /=((?![{<$%(])[^\s"'`;&,<>{}()\\]{6,300})/y;
const argument = /[ \t]{1,4}["']?((?![-{[(<$%&|])[^\s"'`,;<>{}()|$\\]{6,300})/y;

const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
const isLower = (code: number): boolean => code >= 97 && code <= 122;

/** `tokenize` is not a token: true when a letter of the same case goes on after the keyword, other than a plural. */
function isOtherWord(text: string, end: number): boolean {
  const next = text.charCodeAt(end);
  if (!isLetter(next)) return false;
  const last = text.charCodeAt(end - 1);
  if (!isLetter(last) || isLower(next) !== isLower(last)) return false;
  return (next | 32) !== 115 || isLetter(text.charCodeAt(end + 1));
}

function isInsideWord(text: string, start: number): boolean {
  if (start === 0) return false;
  const before = text.charCodeAt(start - 1);
  return isLetter(before) && isLower(before) === isLower(text.charCodeAt(start));
}

/** In `get("PASSWORD", "value")` the second argument is a default for the first; elsewhere neighbours in a list have nothing to do with one another. */
const firstArgument = /\([ \t]{0,4}["'`][\w.-]{0,40}$/;
const defineBefore = /#[ \t]{0,4}define[ \t]{1,8}\w{0,40}$/;
const optionBefore = /(?:^|[\s"'])--?[A-Za-z-]{0,30}$/;
const parameterBefore = /[;?&][ \t]?[A-Za-z0-9_.-]{0,24}$/;
/** `ENV NAME value` of a Dockerfile, `… configure set name value`. */
const wordBefore = /(?:^[ \t]*(?:ENV|ARG)|\bset)[ \t]{1,4}[\w.-]{0,40}$/;
/** Tokens that say where a listing goes on or which request it was. */
const pagingBefore = /(?:next|page|paging|change|lock|client|continuation|sync|request|resume|cancel(?:lation)?)[-_ ]?$/i;
const environmentBefore = /^[\s#*/-]*(?:export |run: )?[A-Z_0-9]{0,40}$/;
const quotedNameBefore = /["'][A-Za-z-]{0,40}$/;
/** The start of a line that reads like a setting, whatever the file is. */
const settingBefore = /^\s*(?:export\s+|-\s+|\/\/[\w./-]{3,60}:)?[\w.-]{0,40}$/;
const connectionBefore = /\b(?:host|user|dbname|server|uid|port|login)[ \t]?=[^\n]*[ ][A-Za-z_]{0,12}$/i;

function isOperatorRight(operator: string, text: string, start: number, end: number, before: string): boolean {
  if (operator === ",") return firstArgument.test(before);
  if (operator === "(") return text.slice(start, start + 8) === "PASSWORD" || /(?:set|with|use)_?[A-Za-z]{0,12}$/i.test(before);
  if (operator !== "") return true;
  if (defineBefore.test(before) || optionBefore.test(before)) return true;
  const word = text.slice(start, end);
  return /^(?:identified by|PASSWORD)$/i.test(word) && /\b(?:user|role|login|for|identified)\b/i.test(before + word);
}

interface Place {
  readonly from: number;
  readonly to: number;
  /** The notation leaves no doubt that a value stands there, as a parameter of a connection or an option of a command. */
  readonly isSure?: boolean;
}

function quotedValue(text: string, start: number, end: number, before: string): Place | undefined {
  quoted.lastIndex = end;
  const match = quoted.exec(text);
  if (match === null) return undefined;
  const value = match[3]!;
  const whole = match[0];
  const closing = whole.endsWith(`\\${match[2]!}`) ? 2 : 1;
  const to = end + whole.length - closing;
  return isOperatorRight(match[1]!, text, start, end, before) ? { from: to - value.length, to } : undefined;
}

function firstGroup(pattern: RegExp, text: string, at: number, isSure = false): Place | undefined {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const from = at + match[0].lastIndexOf(match[1]!);
  return { from, to: from + match[1]!.length, isSure };
}

function bareValue(text: string, end: number): Place | undefined {
  const place = firstGroup(bare, text, end);
  // Words that follow a value in prose belong to the sentence; after `=` without blanks they are the next parameter.
  if (place === undefined) return undefined;
  const rest = /^["'`]?[ \t]*(?:\r?\n|[#;|\\]|$)/.test(text.slice(place.to, place.to + 12));
  return rest || text[place.from - 1] === "=" || /^["'`]/.test(text.slice(place.to, place.to + 1)) ? place : undefined;
}

function valuePlace(text: string, start: number, end: number, before: string, bareValues: boolean): Place | undefined {
  const direct =
    quotedValue(text, start, end, before) ??
    pairs.reduce<Place | undefined>((place, pattern) => place ?? firstGroup(pattern, text, end), undefined);
  if (direct !== undefined) return direct;
  const line = before.slice(before.lastIndexOf("\n") + 1);
  if (text[end] === "=" && (parameterBefore.test(line) || connectionBefore.test(line) || optionBefore.test(line)))
    return firstGroup(parameter, text, end, true);
  const word = text.slice(start, end);
  if (optionBefore.test(line) || wordBefore.test(line) || /\b(?:login|machine)\s+\S+\s+$/.test(line) || /^requirepass$/i.test(word))
    return firstGroup(argument, text, end, true) ?? (bareValues ? bareValue(text, end) : undefined);
  // `NAME=value command`, and `'X-Token: value'` as the argument of a command, in whatever file they stand.
  if (text[end] === "=" && environmentBefore.test(line) && word === word.toUpperCase()) return firstGroup(parameter, text, end, true);
  const setting = bareValues || settingBefore.test(line) || quotedNameBefore.test(line) ? bareValue(text, end) : undefined;
  return setting ?? (bareValues && /^password$/i.test(word) ? spokenPassword(text, end) : undefined);
}

/** `log in as admin with password Adm1n2020`: in a sentence, only what mixes letters of both cases with digits. */
function spokenPassword(text: string, end: number): Place | undefined {
  const place = firstGroup(argument, text, end);
  const value = place === undefined ? "" : text.slice(place.from, place.to);
  return /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d/.test(value) ? place : undefined;
}

/** Only these may stand right behind a name that something is assigned to. */
const mayFollow = new Set(Array.from("\"'`\\[])( \t:=|>?!\n\r,", (character) => character.charCodeAt(0)));

/**
 * The secret that the name around [start, start + length) is given, in whatever notation: assignments, entries, arguments, elements,
 * parameters, options.
 */
export function keywordValue(keyword: Keyword, text: string, start: number, bareValues: boolean): Finding | undefined {
  let end =
    start + (keyword.literal.startsWith("pw") && keyword.literal.length === 3 && keyword.literal !== "pwd" ? 2 : keyword.literal.length);
  if (isOtherWord(text, end) || (keyword.isShort && isInsideWord(text, start))) return undefined;
  tailPattern.lastIndex = end;
  const tail = tailPattern.exec(text)?.[0] ?? "";
  end += tail.length;
  if (!mayFollow.has(text.charCodeAt(end)) || (tail !== "" && (aboutSecret.test(tail) || (keyword.isPart && !/^[_-]?\d*$/.test(tail)))))
    return undefined;
  const before = text.slice(Math.max(0, start - 80), start);
  if (keyword.literal === "token" && pagingBefore.test(before)) return undefined;
  if (text.slice(start, end) === "PASS" && text[start - 1] !== "_") return undefined;
  const place = valuePlace(text, start, end, before, bareValues);
  if (place === undefined) return undefined;
  const value = text.slice(place.from, place.to);
  // In code a bare word is a name, unless nobody would choose it.
  const isInQuotes = /["'`>]/.test(text[place.from - 1]!) || /["'`<]/.test(text[place.to] ?? "");
  if (!bareValues && !isInQuotes && place.isSure !== true && !looksRandom(value, 8)) return undefined;
  if (/(?:pub(?:lic)?[_-]?|::\w{0,40})$/i.test(before) || !(keyword.rule === "password" ? looksLikePassword : looksLikeKey)(value))
    return undefined;
  return secret(keyword.rule, place.from, place.to, value);
}
