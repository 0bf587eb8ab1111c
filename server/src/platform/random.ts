import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { createHash } from "node:crypto";

/** Seeded randomness; equal seeds give equal sequences on every machine. */
export interface Random {
  /** Integer in [0, limit). */
  int(limit: number): number;
  /** Number in [0, 1) with 32 random bits. */
  float(): number;
  pick<T>(values: readonly T[]): T;
  /** A shuffled copy (Fisher-Yates). */
  shuffle<T>(values: readonly T[]): T[];
}

/** @param seed any string or number; parts are hashed, so ("a", 1) and ("a", 2) are unrelated streams. */
export function seededRandom(...seed: readonly (string | number)[]): Random {
  const digest = createHash("sha256").update(JSON.stringify(seed)).digest();
  const generator = xoroshiro128plus(digest.readInt32LE(0));
  // pure-rand takes 32 bits of seed; skipping by further digest bits separates streams whose first 32 bits collide.
  for (let skip = digest.readUInt8(4); skip > 0; skip--) generator.next();
  const int = (limit: number): number => uniformInt(generator, 0, limit - 1);
  return {
    int,
    float: () => uniformInt(generator, 0, 0xffffffff) / 0x100000000,
    pick: (values) => values[int(values.length)]!,
    shuffle: (values) => {
      const copy = [...values];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = int(i + 1);
        [copy[i], copy[j]] = [copy[j]!, copy[i]!];
      }
      return copy;
    },
  };
}
