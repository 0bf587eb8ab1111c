import { byteToChar } from "./byte-alphabet";
import { PackedVocabularyBuilder, type PackedVocabulary } from "./packed-vocabulary";

/** UTF-8 of the byte alphabet: for each byte one or two. */
const alphabetUtf8 = byteToChar.map((char) => Buffer.from(char, "utf8"));
const firstOfAlphabet = Uint8Array.from(alphabetUtf8, (bytes) => bytes[0]!);
const secondOfAlphabet = Uint8Array.from(alphabetUtf8, (bytes) => bytes[1] ?? 0);

/** Writes bytes[0, length) in the alphabet, as UTF-8; `out` has room for twice as many. Returns how many it wrote. */
function writeAlphabet(bytes: Uint8Array, length: number, out: Uint8Array): number {
  let used = 0;
  for (let i = 0; i < length; i++) {
    out[used++] = firstOfAlphabet[bytes[i]!]!;
    const second = secondOfAlphabet[bytes[i]!]!;
    if (second !== 0) out[used++] = second;
  }
  return used;
}

/** Makes a vocabulary in the byte alphabet of tokens that come as bytes. */
export class AlphabetVocabularyBuilder {
  private readonly builder = new PackedVocabularyBuilder(1 << 16);
  private scratch = new Uint8Array(512);

  /** @param id from 0 and below `idLimit`. */
  add(bytes: Uint8Array, length: number, id: number): void {
    if (this.scratch.length < 2 * length) this.scratch = new Uint8Array(4 * length);
    this.builder.add(this.scratch, 0, writeAlphabet(bytes, length, this.scratch), id);
  }

  /** @returns undefined when a token or an id was added twice. */
  build(): PackedVocabulary | undefined {
    return this.builder.build();
  }
}

/** Looks pieces up whole, by their bytes, in a vocabulary that is written in the byte alphabet. */
export class WholePieces {
  private scratch = new Uint8Array(512);

  /** @param excluded ids that are not found: special tokens. */
  constructor(
    private readonly vocabulary: PackedVocabulary,
    private readonly excluded: ReadonlySet<number> = new Set(),
  ) {}

  /** Bytes of the longest token, or more: what is longer is none. */
  get longest(): number {
    return this.vocabulary.arrays.longest;
  }

  /** Id of the token that the first `length` bytes are, or -1. */
  find(bytes: Uint8Array, length: number): number {
    if (length > this.longest) return -1;
    if (this.scratch.length < 2 * length) this.scratch = new Uint8Array(4 * length);
    const used = writeAlphabet(bytes, length, this.scratch);
    const id = this.vocabulary.find(this.scratch, 0, used);
    return id >= 0 && this.excluded.has(id) ? -1 : id;
  }
}
