import type { Finding } from "./finding";

/**
 * A value has one placeholder wherever it stands, `<SECRET:aws-access-key-1>`, `<PERSONAL:email-2>`: named after what it was called first, numbered
 * per rule in the order in which values are met.
 */
export class Placeholders {
  readonly #known = new Map<string, string>();
  readonly #numbers = new Map<string, number>();

  /** @param key stands for the value: itself, or what identifies it without showing it */
  of(key: string, { rule, family }: Pick<Finding, "rule" | "family">): string {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const number = (this.#numbers.get(rule) ?? 0) + 1;
    this.#numbers.set(rule, number);
    const placeholder = `<${family.toUpperCase()}:${rule}-${number}>`;
    this.#known.set(key, placeholder);
    return placeholder;
  }

  get all(): ReadonlyMap<string, string> {
    return this.#known;
  }
}
