import { entropy, isHex, isSequence, randomBits } from "./randomness";

const stand =
  /^(?:x+|\*+|\.+|-+|_+|0+|(?:1234567890?)+|none|null|nil|true|false|undefined|default|optional|required|string|number|boolean|redacted|hidden)$/i;
const placeholderWords =
  /example|sample|dummy|placeholder|change[-_]?(?:me|this|it)|replace|insert|your[-_a-z]|my[-_]?(secret|password|token|key)|fake|foobar|foo[-_]bar|xxxx|\.\.\.|\*\*\*|todo|lorem|not[-_]?a?[-_]?(real|secret)|redacted|<|>|\$\{|\{\{|%\(|%s|\$\(|#\{|\[\[/i;
/** Paths, dotted names, calls, URLs: things a program computes rather than things it must not show. */
const expression =
  /^(?:https?:|file:|arn:|urn:|sha\d+[:-]|\/|\.{1,2}\/|~\/|[A-Za-z]:\\|process\.|os\.|env[.[(:]|self\.|this\.|config\.|settings\.|\$|@|%|&|:|#)|\(.*\)|\[.*\]|\{.*\}|::|->|=>|\w=\w*[,;]/;
/** Words, kebab, snake, camel or dotted, perhaps with a short number behind: a name, not a value. */
const identifierLike = /^[A-Za-z]+(?:[-_./:+ ][A-Za-z]+)*[-_./]?(?:v?\d{1,4})?(?:[-_./:][A-Za-z]+)*$/;
const uuid = /^\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?$/i;

export function isPlaceholder(value: string): boolean {
  return stand.test(value) || placeholderWords.test(value) || expression.test(value) || new Set(value).size < 4;
}

export function isUuid(value: string): boolean {
  return uuid.test(value);
}

const hasLetter = /[A-Za-z]/;
const hasDigit = /\d/;

/** Is this what somebody assigned to a password? Short and wordlike values count when they mix kinds of characters. */
export function looksLikePassword(value: string): boolean {
  if (value.length < 6 || isPlaceholder(value) || /^[\w.-]+:\d+$/.test(value)) return false;
  if (/^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+$/.test(value)) return /^[^.]*\.[^.]*\d\d$/.test(value) || randomBits(value) > 12;
  const special = /[^A-Za-z0-9_\-./: ]/.test(value);
  if (!hasLetter.test(value)) return value.length >= 8 && hasDigit.test(value) && (special || value.length < 12);
  if (!hasDigit.test(value)) return (special && /[A-Z]/.test(value) && /[a-z]/.test(value)) || randomBits(value) > 8;
  // A name with a number behind is a name: `password_v2`, `derive2Password`; a word with a year is what people choose.
  return (
    entropy(value) >= 2.3 &&
    !/^[a-z]+(?:[_.:/-][a-z]+)+[_.-]?v?\d{0,3}$/i.test(value) &&
    !/^(?:new|old|user|my|the)?_?(?:passw|pwd|secret)\w*$/i.test(value)
  );
}

/** Is this a machine-made key or token? It needs length, and either mixed kinds of characters or no likeness to words. */
export function looksLikeKey(value: string): boolean {
  if (value.length < 12 || isPlaceholder(value) || !hasLetter.test(value) || isSequence(value)) return false;
  if (isUuid(value)) return true;
  const bits = randomBits(value);
  if (!hasDigit.test(value) || identifierLike.test(value)) return bits > 10;
  if (/[^A-Za-z0-9+/=_.~-]/.test(value)) return bits > 0 || entropy(value) >= 3.4;
  return entropy(value) >= (value.length < 20 ? 3 : 2.9) && bits > (isHex(value) ? -40 : value.length < 20 ? 0 : -2);
}

/** Beginnings of what is machine-made and public: certificates, public keys, pictures, fonts, hashes with their name. */
const publicStart =
  /^(?:MI[ICGHEFKAJ][A-Za-z0-9]|AAAA[BCE][A-Za-z0-9]|iVBOR|R0lGOD|\/9j\/|UklGR|PHN2Zy|PD94bW|d09GM|AGFzbQ|UEsDB|H4sI|JVBER|AAEAAA|sha\d|h1:|md5-|0x|data:|W3si|eyJ|mailto:|G-|GTM-|UA-)/;

/**
 * Is this machine-made, with nothing said about what it is? Names, paths and sequences are not; the bits asked for grow where
 * the place says less.
 */
export function looksRandom(value: string, bitsAsked: number): boolean {
  if (value.length < 20 || value.length > 128 || publicStart.test(value) || isUuid(value) || isPlaceholder(value) || isSequence(value))
    return false;
  if (isHex(value)) return value.length >= 26 && hasLetter.test(value) && hasDigit.test(value) && new Set(value.toLowerCase()).size >= 9;
  if (new Set(value).size < 10) return false;
  const digits = hasDigit.test(value);
  return randomBits(value) > (digits ? bitsAsked : bitsAsked + 8);
}

/**
 * May a value found in one place be redacted wherever else it stands? Only if nothing else would be spelt like it,
 * else one weak password would blank a common word in the whole repository.
 */
export function isUnmistakable(value: string): boolean {
  return (
    value.length >= 10 &&
    value.length <= 400 &&
    !/\s/.test(value) &&
    hasLetter.test(value) &&
    hasDigit.test(value) &&
    entropy(value) >= 2.8 &&
    !identifierLike.test(value)
  );
}
