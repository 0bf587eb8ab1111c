import type { Random } from "../../server/src/platform/random";

/** Alphabets of machine-made values. */
export const alphabets = {
  hex: "0123456789abcdef",
  digits: "0123456789",
  lower: "abcdefghijklmnopqrstuvwxyz",
  upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  base32: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
  base36: "abcdefghijklmnopqrstuvwxyz0123456789",
  upper36: "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
  base62: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
  base64: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
  base64url: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
} as const;

const words =
  "river copper lantern maple orbit velvet thunder pebble falcon harbor winter saddle garden rocket silver meadow anchor candle dragon forest ginger island jungle kitten ladder marble needle orange pepper quartz ribbon summer tiger umbrella violet walnut yellow zebra coffee monday paris berlin hunter master".split(
    " ",
  );

/** Draws values and choices from one seeded stream. */
export class Draw {
  constructor(private readonly random: Random) {}

  pick<T>(values: readonly T[]): T {
    return this.random.pick(values);
  }

  chance(share: number): boolean {
    return this.random.float() < share;
  }

  /** An integer in [low, high]. */
  between(low: number, high: number): number {
    return low + this.random.int(high - low + 1);
  }

  string(alphabet: keyof typeof alphabets, length: number): string {
    let text = "";
    for (let at = 0; at < length; at++) text += alphabets[alphabet][this.random.int(alphabets[alphabet].length)]!;
    return text;
  }

  /** Base64 of so many random bytes, with its padding. */
  base64(bytes: number): string {
    return Buffer.from(Array.from({ length: bytes }, () => this.random.int(256))).toString("base64");
  }

  word(): string {
    return this.pick(words);
  }

  /** What people type as passwords: words with digits and signs, or what a password manager makes. */
  password(signs = "!@#$%^&*-_+=?."): string {
    const sign = (): string => signs[this.random.int(signs.length)]!;
    const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1);
    switch (this.random.int(5)) {
      case 0:
        return `${capital(this.word())}${this.between(10, 2030)}${sign()}`;
      case 1:
        return `${this.word()}${sign()}${capital(this.word())}${this.between(1, 99)}`;
      case 2: {
        const value = Array.from({ length: this.between(10, 20) }, () => (this.chance(0.15) ? sign() : this.string("base62", 1))).join("");
        return /\d/.test(value) ? value : `${value}${this.between(1, 9)}`;
      }
      case 3:
        return this.string("base62", this.between(10, 24)) + this.between(0, 9);
      default:
        return this.word()
          .replace("a", "4")
          .replace("e", "3")
          .replace("o", "0")
          .concat(sign(), capital(this.word()), String(this.between(1, 999)));
    }
  }
}
