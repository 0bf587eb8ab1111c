import { lowBytes } from "./low-bytes";

interface Candidate {
  readonly value: number;
  readonly offset: number;
}

const gram = 4;
const bits = 20;

function hashAt(bytes: Uint8Array, at: number): number {
  const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  return Math.imul(word, 0x9e3779b1) >>> (32 - bits);
}

/**
 * Finds every occurrence of many values of at least `gram` characters. Four bytes are looked up at every n-th place only, where n is as large
 * as the shortest value allows, so the cost hardly grows with the number of values (after Wu and Manber 1994).
 */
export class ValueSearch {
  readonly #values: readonly string[];
  /** Low bytes of each value. */
  readonly #bytes: readonly Uint8Array[];
  readonly #stride: number;
  readonly #isKnown = new Uint8Array(1 << bits);
  readonly #candidates = new Map<number, Candidate[]>();

  constructor(values: readonly string[]) {
    this.#values = values.filter((value) => value.length >= gram);
    const shortest = this.#values.reduce((least, value) => Math.min(least, value.length), 64);
    this.#stride = shortest - gram + 1;
    this.#bytes = this.#values.map((value) => Uint8Array.from(lowBytes(value).subarray(0, value.length)));
    for (const [index, value] of this.#values.entries()) {
      const bytes = this.#bytes[index]!;
      // The end of a value tells it from others better than its beginning, which is often the provider's.
      for (let offset = value.length - shortest; offset < value.length - shortest + this.#stride; offset++) {
        const hash = hashAt(bytes, offset);
        this.#isKnown[hash] = 1;
        const list = this.#candidates.get(hash);
        if (list === undefined) this.#candidates.set(hash, [{ value: index, offset }]);
        else list.push({ value: index, offset });
      }
    }
  }

  /** Calls `onHit(value, start)` once for each occurrence; those that overlap are all told. */
  scan(text: string, onHit: (value: string, start: number) => void): void {
    if (this.#values.length === 0) return;
    const bytes = lowBytes(text);
    for (let at = 0; at + gram <= text.length; at += this.#stride) {
      const hash = hashAt(bytes, at);
      if (this.#isKnown[hash] === 0) continue;
      for (const { value, offset } of this.#candidates.get(hash)!) {
        const start = at - offset;
        if (start >= 0 && text.startsWith(this.#values[value]!, start)) onHit(this.#values[value]!, start);
      }
    }
  }

  /** True when a value may occur in these bytes of ASCII; false is certain. */
  isIn(bytes: Uint8Array): boolean {
    if (this.#values.length === 0) return false;
    const stride = this.#stride;
    for (let at = 0; at + gram <= bytes.length; at += stride) {
      const hash = hashAt(bytes, at);
      if (this.#isKnown[hash] === 0) continue;
      for (const { value, offset } of this.#candidates.get(hash)!) if (isAt(bytes, at - offset, this.#bytes[value]!)) return true;
    }
    return false;
  }
}

function isAt(bytes: Uint8Array, start: number, value: Uint8Array): boolean {
  if (start < 0) return false;
  for (let at = 0; at < value.length; at++) if (bytes[start + at] !== value[at]) return false;
  return true;
}
