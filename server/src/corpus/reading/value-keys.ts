import { createHmac } from "node:crypto";

/** Stands for a value without showing it: the first 64 bits of a keyed hash, in hexadecimal. */
export type ValueKey = string;

/** Keys of the values of one repository; each is computed once. */
export class ValueKeys {
  readonly #known = new Map<string, ValueKey>();
  readonly #salt: string;

  constructor(salt: string) {
    this.#salt = salt;
  }

  of(value: string): ValueKey {
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const key = createHmac("sha256", this.#salt).update(value).digest("hex").slice(0, 16);
    this.#known.set(value, key);
    return key;
  }
}
