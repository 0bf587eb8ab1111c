import { IntList } from "./int-list";
import { MergeTable } from "./merge-table";
import { hashFactor, mixed, type PackedVocabulary } from "./packed-vocabulary";

/**
 * Ranks instead of merges: any two neighbours whose concatenation is a token merge with that token's rank, and a whole
 * piece that is a token stays one. So every split of every token into two tokens is a merge.
 */
export function rankMerges(vocabulary: PackedVocabulary): MergeTable {
  const pairs = new IntList(6 * vocabulary.size);
  const splits = new TokenSplits(vocabulary);
  for (let entry = 0; entry < vocabulary.size; entry++) splits.collect(entry, pairs);
  const merges = new MergeTable(pairs.length / 3);
  const { items } = pairs;
  for (let i = 0; i < pairs.length; i += 3) merges.set(items[i]!, items[i + 1]!, items[i + 2]!);
  return merges;
}

/** Every hash of a part comes from the hashes of the token's beginnings: nothing is read again for each of the many cuts. */
class TokenSplits {
  private readonly beginnings: Int32Array;
  private readonly powers: Int32Array;

  constructor(private readonly vocabulary: PackedVocabulary) {
    const { longest } = vocabulary.arrays;
    this.beginnings = new Int32Array(longest + 1);
    this.powers = new Int32Array(longest + 1);
    for (let i = 0, power = 1; i <= longest; i++, power = Math.imul(power, hashFactor)) this.powers[i] = power;
  }

  /** Appends left id, right id and the token's own id for every split into two tokens. */
  collect(entry: number, pairs: IntList): void {
    const { beginnings, powers, vocabulary } = this;
    const { text, starts, ids } = vocabulary.arrays;
    const start = starts[entry]!;
    const end = starts[entry + 1]!;
    const length = end - start;
    let hash = 0;
    for (let i = 0; i < length; i++) beginnings[i + 1] = hash = (Math.imul(hash, hashFactor) + text[start + i]!) | 0;
    for (let cut = 1; cut < length; cut++) {
      // Within a character of the alphabet.
      if ((text[start + cut]! & 0xc0) === 0x80) continue;
      const first = beginnings[cut]!;
      const left = vocabulary.findHashed(mixed(first), text, start, start + cut);
      if (left < 0) continue;
      const second = (hash - Math.imul(first, powers[length - cut]!)) | 0;
      const right = vocabulary.findHashed(mixed(second), text, start + cut, end);
      if (right < 0) continue;
      pairs.push(left);
      pairs.push(right);
      pairs.push(ids[entry]!);
    }
  }
}
