import type { Finding } from "./finding";

/** Numbers of a rule have six digits until so many attempts in a row met a taken one that the rule must be crowded. */
const firstNumber = 100_000;
const numbers = 900_000;
const attemptsPerWidth = 8;

/**
 * A value has one placeholder wherever it stands, `<SECRET:aws-access-key-480213>`, `<PERSONAL:email-902245>`: named after what it was called first.
 * Its number comes from the place where it is met first, the file's path and how many new values of the rule the file held before it, never from the
 * value: it shows nothing of it, and a value that comes or goes in one file renames no value that is first met in another one.
 */
export class Placeholders {
  readonly #known = new Map<string, string>();
  readonly #taken = new Set<string>();
  #path = "";
  /** Values first met in the present file, by rule. */
  readonly #met = new Map<string, number>();

  /**
   * @param key stands for the value: itself, or what identifies it without showing it
   * @param path of the file that holds it; files come one after the other
   */
  of(key: string, { rule, family }: Pick<Finding, "rule" | "family">, path: string): string {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (path !== this.#path) {
      this.#path = path;
      this.#met.clear();
    }
    const ordinal = (this.#met.get(rule) ?? 0) + 1;
    this.#met.set(rule, ordinal);
    const placeholder = this.#free(`<${family.toUpperCase()}:${rule}-`, `${rule}\0${ordinal}\0${path}`);
    this.#known.set(key, placeholder);
    return placeholder;
  }

  get all(): ReadonlyMap<string, string> {
    return this.#known;
  }

  #free(name: string, place: string): string {
    for (let attempt = 0; ; attempt++) {
      const range = numbers * 10 ** Math.min(6, Math.floor(attempt / attemptsPerWidth));
      const placeholder = `${name}${firstNumber + (numberOf(place, attempt) % range)}>`;
      if (this.#taken.has(placeholder)) continue;
      this.#taken.add(placeholder);
      return placeholder;
    }
  }
}

/** 53 bits that depend on every code unit of the text and on the attempt. */
function numberOf(text: string, attempt: number): number {
  let high = Math.imul(attempt + 1, 0x9e3779b1);
  let low = Math.imul(attempt + 1, 0x85ebca6b);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 0x01000193);
    high ^= high >>> 13;
    low = Math.imul(low ^ code, 0x5bd1e995);
    low ^= low >>> 15;
  }
  return ((high ^ (high >>> 16)) >>> 0) * 0x200000 + ((low ^ (low >>> 13)) >>> 11);
}
