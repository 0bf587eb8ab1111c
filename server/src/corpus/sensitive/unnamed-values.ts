import { asciiTable } from "./ascii-table";
import { secret, type Finding } from "./finding";
import { isHex } from "./randomness";
import { isFilledIn, looksRandom } from "./secret-judgement";
import { runRules } from "./secret-rules";

/** What a line calls values that are machine-made and no secret. */
const publicNames =
  /\bh1:|(?:page|next|paging|continuation|sync)[-_]?token|cursor|\b[gp]pg\b|source_?map|verify|\bresult\b|\binput\b|\boutput\b|sha[-_]?\d|(?:\b|_)sha(?:\b|_)|\bref(?:erence|s)?\b|md[245]|hash|digest|checksum|cksum|integrity|commit|revision|\brevs?\b|_rev\b|git_?(?:sha|head)|\bhead\b|etag|[ug]uid|\buid\b|fingerprint|thumbprint|\bcrc|\bblob|\btree\b|\boid\b|pub(?:lic)?[-_ ]?key|pubkey|certificate|\bcert\b|signature|\bsig\b|\bx5|ssh-|assert|expect|equal|\bvectors?\b|ciphertext|plaintext|alphabet|charset|characters|base64,|data:|\bimage\b|\bfont|woff|\bkid\b|\bcid\b|ipfs|\btx\b|block|address\b|uses:|@$|\bbuild|bundle|chunk|\btests?\b|\bfixture|\bmodulus|\bprime\b|\bpoint\b|\bseeds?\[|index |urn:|xmlns|schema|\barn:/i;
/** What is called an id names something and opens nothing. */
const idNames = /(?:[a-z]Rev|[a-z0-9]I[dD]s?|[_-](?:id|ID)s?|\b(?:id|Id|ID))["']?(?:[ \t]*[:=]|[ \t])[ \t]*["'`[]{0,2}$/;
const hexNames = /\bid\b|_id\b|Id["']?\s*[:=]|version|compile|cache|digest|\bmac\b|\biv\b|nonce|\bcolor|fixes:/i;
/** Something that has a name is given what follows: an assignment, an entry, an attribute, a second argument, an option. */
const isNamed =
  /[\w\])][?"'`]{0,2}(?:[ \t]+string)?[ \t]*(?:=>|:=|\?=|:-|\|\||\?\?|[:=])[ \t]*["'`[({]{0,2}$|\([ \t]*["'`][\w.-]+["'`],[ \t]*["'`]$|["'`] (?:to|is|as) ["'`]$|[\w-]>$|\s--?[\w-]+ ["']?$/;
/** Coordinates and moduli of a public key in JSON. */
const publicKeyPart = /\\?"[xyn]\\?"\s{0,2}:\s{0,2}\\?"$/;
/** A digest that something is compared with is the expected one; a password has both cases. */
const isCompared = /[=!]==?[ \t]*["'`]$/;
const isWordPart = asciiTable(/[A-Za-z0-9_+/.~-]/);

interface Context {
  readonly before: string;
  readonly after: string;
}

/** The line around a stretch, as far as it is near; never looks further, whatever the length of the line. */
function contextOf(text: string, start: number, end: number): Context {
  let from = start;
  while (from > 0 && start - from < 160 && text.charCodeAt(from - 1) !== 10) from--;
  let to = end;
  while (to < text.length && to - end < 80 && text.charCodeAt(to) !== 10) to++;
  return { before: text.slice(from, start), after: text.slice(end, to) };
}

const dataLine = /^[\s"'+,]*[A-Za-z0-9+/]{20,}={0,2}[\s"',;\\+)]*$/;

/** One of several lines of encoded data: a certificate, a picture, a table of test vectors. */
function isInBlock(text: string, start: number, end: number, { before, after }: Context): boolean {
  if (!/^[\s"'+,]*$/.test(before) || !/^[\s"',;\\+)]*$/.test(after)) return false;
  const lineStart = start - before.length;
  const previous = contextOf(text, Math.max(0, lineStart - 1), Math.max(0, lineStart - 1)).before;
  const nextStart = Math.min(text.length, end + after.length + 1);
  return dataLine.test(previous) || dataLine.test(contextOf(text, nextStart, nextStart).after);
}

interface Word {
  readonly start: number;
  readonly end: number;
}

/** Hex beside other hex of its length: sums of files, expected results. */
function isInTable(text: string, { start, end }: Word, { before, after }: Context): boolean {
  const lineStart = Math.max(0, start - before.length - 1);
  const nextStart = Math.min(text.length, end + after.length + 1);
  const another = new RegExp(`(?<![0-9A-Fa-f])[0-9A-Fa-f]{${end - start}}(?![0-9A-Fa-f])`);
  return (
    another.test(contextOf(text, lineStart, lineStart).before) || another.test(text.slice(nextStart, nextStart + 240).split("\n", 1)[0]!)
  );
}

/** The whole word around a run, with its padding; undefined when it is longer than any secret. */
function wordAround(text: string, runStart: number, runEnd: number): Word | undefined {
  let start = runStart;
  while (start > 0 && runStart - start < 160 && isWordPart[text.charCodeAt(start - 1)] === 1) start--;
  let end = runEnd;
  while (end < text.length && end - runEnd < 160 && isWordPart[text.charCodeAt(end)] === 1) end++;
  for (let padding = 0; padding < 2 && text[end] === "="; padding++) end++;
  while (end > runEnd && text[end - 1] === ".") end--;
  while (start < runStart && /[.~-]/.test(text[start]!)) start++;
  return end - start > 300 ? undefined : { start, end };
}

const isQuote = (character: string | undefined): boolean => character === '"' || character === "'" || character === "`";

/** How the word stands there, which says how sure the rest must be; undefined where no value stands. */
function standing(text: string, { start, end }: Word, context: Context, bareValues: boolean): "quoted" | "assigned" | "loose" | undefined {
  const previous = text[start - 1];
  const next = text[end];
  if (isQuote(previous) && (next === previous || (next === "\\" && isQuote(text[end + 1])))) return "quoted";
  if (previous === ">" && next === "<") return "quoted";
  const isEnded = next === undefined || /[\s;,|"'`&)]/.test(next);
  if (!isEnded) return undefined;
  if (bareValues && /(?:[:=|]|^\s*-)[ \t]*$/.test(context.before)) return "assigned";
  if (previous === "=" && /(?:["'?&;]|\s--?)[\w.-]{1,30}=$/.test(context.before)) return "assigned";
  const isComment = /^\s*(?:\/\/|#\s|\*\s|--\s|;)/.test(context.before);
  if (isComment && /[:=]\s*$/.test(context.before)) return "assigned";
  if (isComment && /\s$/.test(context.before)) return "loose";
  if (bareValues && /\s--?[a-z][\w-]{0,30} $/i.test(context.before)) return "assigned";
  // A line of a configuration, in whatever file it stands.
  if (/^\s*(?:export\s+|-\s+)?[\w.-]+\s*[:=][ \t]*$/.test(context.before) && context.after.trim() === "") return "loose";
  return bareValues && previous !== undefined && /\s/.test(previous) && context.before.trim() !== "" ? "loose" : undefined;
}

const bitsAsked = { quoted: 7, assigned: 8, loose: 14 } as const;

/** The last part of a path or the value of a parameter in an address. */
function addressValue(text: string, word: Word, runStart: number, runEnd: number, before: string): Finding | undefined {
  if (text.charCodeAt(runStart - 1) === 35) return undefined;
  const address = before + text.slice(word.start, runEnd);
  const isSecretPlace =
    /hook|token|key|secret|auth|\/(?:in|u)\/|[?&](?!\w{0,12}id=|[svh]=|rev=|sha\w{0,5}=|\w{0,6}hash=|sum=|commit=)\w{1,20}=[^?&=]*$/i.test(
      address,
    );
  let start = runStart;
  for (let at = runStart; at <= runEnd; at++) {
    if (at < runEnd && text.charCodeAt(at) !== 47) continue;
    const value = text.slice(start, at);
    const isLong = value.length >= (isSecretPlace ? 20 : 24) && (isSecretPlace || !isHex(value));
    if (isLong && looksRandom(value, isSecretPlace ? 8 : 14) && !publicNames.test(address.slice(0, address.length - (runEnd - start))))
      return secret("unnamed-secret", start, at, value);
    start = at + 1;
  }
  return undefined;
}

/** A line that begins with `value:` says what it is on the line before. */
function withNameLine(text: string, wordStart: number, line: Context): Context {
  if (!/^\s*value\s*:/.test(line.before)) return line;
  const lineStart = wordStart - line.before.length;
  const previous = contextOf(text, Math.max(0, lineStart - 1), lineStart).before;
  return /^[\s-]*name\s*:/.test(previous) ? { ...line, before: `${previous} ${line.before}` } : line;
}

function runToken(text: string, start: number, end: number): Finding | undefined {
  if (end - start < 34 || end - start > 37) return undefined;
  const run = text.slice(start, end);
  const rule = runRules.find(([, pattern]) => pattern.test(run));
  return rule && !isFilledIn(run) ? secret(rule[0], start, end, run, true) : undefined;
}

function isExpected(value: string, before: string): boolean {
  return isCompared.test(before) && !(/[a-z]/.test(value) && /[A-Z]/.test(value));
}

/**
 * A machine-made value that no rule names and no keyword announces: where it stands and what its line says must leave no better reading.
 * The run around it is one that the kernel found (`findRuns`).
 */
export function unnamedValue(text: string, runStart: number, runEnd: number, bareValues: boolean): Finding | undefined {
  const token = runToken(text, runStart, runEnd);
  if (token !== undefined) return token;
  const word = wordAround(text, runStart, runEnd);
  if (word === undefined) return undefined;
  const line = contextOf(text, word.start, word.end);
  if (/:\/\/[^\s"'<>]*$/.test(line.before) || (text.startsWith("//", word.start) && line.before.endsWith(":"))) {
    return /^[=\w.~+-]{0,16}@|^[#%]/.test(text.slice(runEnd, runEnd + 17))
      ? undefined
      : addressValue(text, word, runStart, runEnd, line.before);
  }
  const stands = standing(text, word, line, bareValues);
  if (stands === undefined) return undefined;
  const value = text.slice(word.start, word.end);
  if (!looksRandom(value, bitsAsked[stands])) return undefined;
  const context = withNameLine(text, word.start, line);
  // Hashes are hex, or have their name right before them; for other values a word further off says nothing.
  if (
    publicNames.test(isHex(value) ? context.before : context.before.slice(-40)) ||
    idNames.test(context.before) ||
    publicKeyPart.test(context.before) ||
    /^[#@%]/.test(line.after) ||
    /\barn:[^\s"']*$/.test(context.before)
  )
    return undefined;
  // Hex that nothing names is nearly always a digest: a cell of a table, an expected result, one of a list.
  if (isHex(value) && !isNamed.test(context.before)) return undefined;
  if (isHex(value) && (stands === "loose" || hexNames.test(context.before) || publicNames.test(context.after))) return undefined;
  if (isHex(value) && isInTable(text, word, line)) return undefined;
  if (isExpected(value, context.before) || isInBlock(text, word.start, word.end, context)) return undefined;
  // Digests and names stand in many places, some of which say what they are: only what is given a name is looked for elsewhere.
  const finding = secret("unnamed-secret", word.start, word.end, value);
  return { ...finding, everywhere: finding.everywhere && !isHex(value) && isNamed.test(context.before) };
}
