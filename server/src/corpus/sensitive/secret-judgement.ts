/** Bits per character of the value's own character distribution (Shannon 1948). */
function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const n of counts.values()) bits -= (n / value.length) * Math.log2(n / value.length);
  return bits;
}

const stand =
  /^(?:x+|\*+|\.+|-+|_+|0+|(?:1234567890?)+|none|null|nil|true|false|undefined|default|optional|required|string|number|boolean|redacted|hidden)$/i;
const placeholderWords =
  /example|sample|dummy|placeholder|change[-_]?me|changeit|replace|insert|your[-_a-z]|my[-_]?(secret|password|token|key)|fake|foobar|foo[-_]bar|xxxx|\.\.\.|\*\*\*|todo|lorem|not[-_]?a?[-_]?(real|secret)|redacted|<|>|\$\{|\{\{|%\(|%s|\$\(|#\{/i;
/** Paths, dotted names, calls, URLs: things a program computes rather than things it must not show. */
const expression =
  /^(?:https?:|file:|\/|\.{1,2}\/|~\/|[A-Za-z]:\\|process\.|os\.|env[.[(:]|self\.|this\.|config\.|settings\.|\$|@|%|&|:|#)|\(.*\)|\[.*\]|\{.*\}|::|->|=>/;
/** Words, kebab, snake, camel or dotted, perhaps with a short number behind: a name, not a value. */
const identifierLike = /^[A-Za-z]+(?:[-_./:+ ][A-Za-z]+)*[-_./]?(?:v?\d{1,4})?(?:[-_./:][A-Za-z]+)*$/;

function isPlaceholder(value: string): boolean {
  return stand.test(value) || placeholderWords.test(value) || expression.test(value) || new Set(value).size < 4;
}

const hasLetter = /[A-Za-z]/;
const hasDigit = /\d/;

/** Is this what somebody assigned to a password? Short and wordlike values count when they mix kinds of characters. */
export function looksLikePassword(value: string): boolean {
  if (isPlaceholder(value) || value.length < 6 || /^[\w.-]+:\d+$/.test(value)) return false;
  if (/^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+$/.test(value)) return false;
  const special = /[^A-Za-z0-9_\-./:]/.test(value);
  if (!hasLetter.test(value)) return value.length >= 8 && hasDigit.test(value) && special;
  return (hasDigit.test(value) || (special && /[A-Z]/.test(value) && /[a-z]/.test(value))) && entropy(value) >= 2.3;
}

/** Is this a machine-made key or token? It needs length, mixed kinds of characters and entropy. */
export function looksLikeKey(value: string): boolean {
  if (value.length < 12 || isPlaceholder(value) || !hasLetter.test(value) || !hasDigit.test(value)) return false;
  if (identifierLike.test(value)) return false;
  return entropy(value) >= (value.length < 20 ? 3.1 : 3);
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
