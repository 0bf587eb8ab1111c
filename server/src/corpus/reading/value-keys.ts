import { createHmac } from "node:crypto";

/** Stands for a value without showing it: the first 64 bits of a keyed hash, in hexadecimal. */
export type ValueKey = string;

/** A part of a string keeps all of it alive, and a value is a part of a file. */
function ownCopy(value: string): string {
  return Buffer.from(value, "utf16le").toString("utf16le");
}

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
    this.#known.set(ownCopy(value), key);
    return key;
  }
}
