import { entropy, isHex, isSequence, randomBits } from "./randomness";

const stand =
  /^(?:x+|\*+|\.+|-+|_+|0+|(?:1234567890?)+|none|null|nil|true|false|undefined|default|optional|required|string|number|boolean|redacted|hidden)$/i;
const placeholderWords =
  /example|sample|dummy|placeholder|change[-_]?(?:me|this|it)|replace|insert|your[-_a-z]|some[-_]?(?:pass|secret|token|key|kind)|my[-_]?(secret|password|token|key)|fake|foobar|foo[-_]bar|xxxx|\.\.\.|\*\*\*|todo|lorem|not[-_]?a?[-_]?(real|secret)|redacted|<|>|\$\{|\{\{|%\(|%s|\$\(|#\{|\[\[/i;
/** Paths, dotted names, calls, URLs: things a program computes rather than things it must not show. */
const expression =
  /^(?:https?:|file:|arn:|urn:|sha\d+[:-]|\/|\.{1,2}\/|~\/|[A-Za-z]:\\|process\.|os\.|env[.[(:]|self\.|this\.|config\.|settings\.|\$|@\w+[./:(]|%|&|:|#)|^[\w.$:]*\w\([^)]*\)|^\w+\[[^\]]*\]|^\{.*\}$|::|->|=>|\w=\w*[,;]/;
/** Words, kebab, snake, camel or dotted, perhaps with a short number behind: a name, not a value. */
const identifierLike = /^[A-Za-z]+(?:[-_./:+ ][A-Za-z]+)*[-_./]?(?:v?\d{1,4})?(?:[-_./:][A-Za-z]+)*$/;
/** Words in one case throughout, joined by signs, perhaps numbered: `password_v2`. People who choose a password mix the cases. */
const numberedName = /^(?:[a-z]+(?:[_.:/-][a-z]+)+|[A-Z]+(?:[_.:/-][A-Z]+)+|[A-Z][a-z]+(?:[_.:/-][A-Z][a-z]+)+)[_.-]?v?\d{0,3}$/;
/** Four words and more in camel case name something, numbered or not. */
const camelName = /^[A-Za-z][a-z]+(?:[A-Z][a-z]+){3,}\d{0,2}$/;
const nameOfSecret = /passw|secret|token|key|auth/i;
const uuid = /^\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?$/i;

/** `xxxxxxxx`, `XXXX-XXXX`: the same character many times over stands for a key and is none. */
export function isFilledIn(value: string): boolean {
  return /(.)\1{6,}/.test(value.replace(/[-_.]/g, ""));
}

function isPlaceholder(written: string): boolean {
  // Base64 may begin like a path.
  const value = /^[/+]/.test(written) && written.length >= 24 && randomBits(written) > 15 ? written.slice(1) : written;
  return stand.test(value) || placeholderWords.test(value) || expression.test(value) || new Set(value).size < 4;
}

function isUuid(value: string): boolean {
  return uuid.test(value);
}

const hasLetter = /[A-Za-z]/;
const hasDigit = /\d/;

/** Is this what somebody assigned to a password? Short and wordlike values count when they mix kinds of characters. */
export function looksLikePassword(value: string): boolean {
  if (value.length < 6 || isPlaceholder(value) || /[^\0-\xff]{3}/.test(value) || /^[\w.-]+:\d+$|:$/.test(value)) return false;
  if ((nameOfSecret.test(value) && identifierLike.test(value)) || (value.length >= 24 && isSequence(value))) return false;
  if (/^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+$/.test(value)) return /^[^.]*\.[^.]*\d\d$/.test(value) || randomBits(value) > 12;
  const special = /[^\p{L}\p{M}\p{N}_\-./: \uff1a]/u.test(value);
  if (!hasLetter.test(value)) return value.length >= 8 && hasDigit.test(value) && (special || value.length < 12);
  if (!hasDigit.test(value)) return (special && /[A-Z]/.test(value) && /[a-z]/.test(value)) || randomBits(value) > 8;
  // A name with a number behind is a name: `password_v2`, `derive2Password`; a word with a year is what people choose.
  return (
    entropy(value) >= 2.1 &&
    !numberedName.test(value) &&
    !camelName.test(value) &&
    !/^(?:new|old|user|my|the)?_?(?:passw|pwd|secret)\w*$/i.test(value)
  );
}

/** Lower-case words, numbers and marks such as `e2e`, joined by signs: `system:group1,system:group2`. */
function isWordList(value: string): boolean {
  const parts = value.split(/[-_:.,/[\]]+/).filter((part) => part !== "");
  return (
    parts.length > 1 && parts.every((part) => /^(?:[a-z]+\d{0,4}|\d{1,4}|[a-z]\d{1,2}[a-z]{1,2})$/.test(part)) && randomBits(value) < 10
  );
}

/** Is this a machine-made key or token? It needs length, and either mixed kinds of characters or no likeness to words. */
export function looksLikeKey(value: string): boolean {
  if (value.length < 12 || isPlaceholder(value) || !hasLetter.test(value) || isSequence(value) || isWordList(value)) return false;
  if (isUuid(value)) return true;
  const bits = randomBits(value);
  if (!hasDigit.test(value) || identifierLike.test(value)) return bits > 10;
  if (/[^A-Za-z0-9+/=_.~-]/.test(value)) return bits > 0 || entropy(value) >= 3.4;
  return entropy(value) >= 2.8 && bits > (isHex(value) ? -40 : value.length < 20 ? 0 : -2);
}

/** Beginnings of what is machine-made and public: certificates, public keys, pictures, fonts, hashes with their name. */
const publicStart =
  /^(?:MI[ICGHEFKAJ][A-Za-z0-9]|AAAA[BCE][A-Za-z0-9]|iVBOR|R0lGOD|\/9j\/|UklGR|PHN2Zy|PD94bW|d09GM|AGFzbQ|UEsDB|H4sI|JVBER|AAEAAA|BAtzdHJlYW10eXBl|sha\d|h1:|md5-|0x|data:|W3si|eyJ|mailto:|G-|GTM-|UA-)/;

/** `subnet-09d912bb63ef21b9a`: how clouds number what they hold. */
const resourceId = /^[a-z]{1,12}(?:-[a-z]{1,12}){0,3}-[0-9a-f]{8,17}$/;
/** The last part of a file or host name is a short word. */
const fileName = /\.[a-z]{2,12}$/;
/** Words with a short digest or number behind, as programs name what they make: `KUBE-SVC-XPGD46QRK7WJZT7O`, `gke-29bd5e8d9ea0446f829d`. */
const numberedByDigest = /^(?:[A-Za-z]{2,}[-_])+(?:[a-z\d]{1,20}|[A-Z\d]{1,20})$/;
/** `v1.8.0-alpha.2.1231+afabd012389d53a`, `I39959f43f2…` of Gerrit. */
const versionOrChange = /^(?:[a-z]+\/)?v?\d+\.\d+\.\d+[-+._]|^I[0-9a-f]{40}$/;

/** Directories with names, or a digest below some directory. */
function isPathLike(value: string): boolean {
  const parts = value.split("/");
  return (
    parts.length > 1 &&
    (parts.filter((part) => /^[a-z][a-z.-]{2,}$/.test(part)).length > 1 || parts.some((part) => part.length >= 26 && isHex(part)))
  );
}

const uuidInside = /[0-9a-f]{8}-(?:[0-9a-f]{3,4}-){3}/i;

/** Base64 of something that people wrote is encoded, not secret. */
function isEncodedText(value: string): boolean {
  if (value.length % 4 === 1 || /[-_]/.test(value)) return false;
  const decoded = Buffer.from(value, "base64").toString("latin1");
  return decoded.length >= 12 && /^[\t\n\r -~]*$/.test(decoded);
}

/** Licence keys and the like: at least four groups of the same length. */
const equalGroups = /^([A-Z0-9]{4,8})(?:-[A-Z0-9]{4,8}){3,9}$/;

/** Bits of the parts that are long enough to be drawn rather than to number something; parts of names are short. */
function bitsOfLongParts(value: string): number {
  const parts = value.split(/[-_/.+~=]/);
  const longest = Math.max(...parts.map((part) => part.length));
  if (equalGroups.test(value) && parts.every((part) => part.length === longest)) return randomBits(value);
  if (longest < 12) {
    // The signs of base64 may cut a value short; letters of both cases and digits, all through it, are no name.
    const joined = value.replace(/[-_/+=]/g, "");
    const isMixed = /[a-z].*[a-z].*[a-z]/.test(joined) && /[A-Z].*[A-Z].*[A-Z]/.test(joined) && /\d.*\d.*\d/.test(joined);
    return isMixed && longest >= 8 ? randomBits(joined) - 10 : Number.NEGATIVE_INFINITY;
  }
  return parts.reduce((sum, part) => sum + (part.length < 6 ? Math.min(0, randomBits(part)) : randomBits(part)), 0);
}

/** Without digits, abbreviations in camel case look random too; with one or two, so do numbered names in lower case. */
function extraBits(value: string): number {
  const isMixed = /[a-z]/.test(value) && /[A-Z]/.test(value);
  const digits = value.replace(/\D/g, "").length;
  if (digits === 0) return isMixed ? 26 : 10;
  return digits < 3 && !isMixed && /[_./-]/.test(value) ? 6 : 0;
}

/**
 * Is this machine-made, with nothing said about what it is? Names, paths and sequences are not; the bits asked for grow where
 * the place says less.
 */
export function looksRandom(value: string, bitsAsked: number): boolean {
  const isGrouped = equalGroups.test(value);
  if (value.length < (isGrouped ? 19 : 20) || value.length > 128) return false;
  const distinct = new Set(value).size;
  if (isHex(value)) {
    if (value.length < 26 || !hasLetter.test(value) || !hasDigit.test(value) || distinct < 9 || /^\d+e\d+$/i.test(value)) return false;
  } else {
    if (distinct < 10 || bitsOfLongParts(value) <= bitsAsked + (isGrouped ? 0 : extraBits(value))) return false;
    if (value.replace(/[^A-Za-z]/g, "").length < 5 || isEncodedText(value)) return false;
  }
  if (publicStart.test(value) || uuidInside.test(value) || resourceId.test(value) || fileName.test(value)) return false;
  if (numberedByDigest.test(value) || versionOrChange.test(value) || isPathLike(value)) return false;
  return !isPlaceholder(value) && !isSequence(value);
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
