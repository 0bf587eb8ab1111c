import type { TokenizerIdentity } from "@midtrain/protocol/tokens";
import { AddedTokenMatcher, type AddedToken } from "./added-tokens";
import { ByteLevelEncoder } from "./byte-level-encoder";
import type { BpeModelParts } from "./bpe-model";
import { alphabetToBytes } from "./byte-alphabet";
import { behaviourHash } from "./identity";
import { IntList } from "./int-list";
import { mergePaths, type PieceMergePath } from "./merge-path";
import { normalizeC } from "./normalizer";
import type { PackedVocabulary } from "./packed-vocabulary";
import { chain } from "./pre-tokenizer";
import type { Splitter } from "./scanners";
import { addedTokenBreaks, type BreakTest } from "./text-breaks";
import type { EncodeOptions, Encoding, Tokenizer } from "./tokenizer";

export interface ByteLevelParts {
  readonly name: string;
  readonly contentHash: string;
  readonly engine: TokenizerIdentity["engine"];
  readonly model: BpeModelParts;
  /** Tokens in the byte alphabet. */
  readonly vocabulary: PackedVocabulary;
  readonly addedTokens: readonly AddedToken[];
  readonly split: Splitter;
  /** Cuts each of those pieces further. */
  readonly refine: Splitter | undefined;
  /** Where the pre-tokenizer cuts every text; made when it is first asked for. */
  readonly breaks: () => BreakTest;
  readonly nfc: boolean;
  readonly endOfText: number | undefined;
}

/** Exact byte-level BPE over added tokens, normalizer and pre-tokenizer, with UTF-16 offsets. */
export class ByteLevelTokenizer implements Tokenizer {
  readonly identity: TokenizerIdentity;
  readonly vocabularySize: number;
  readonly endOfText: number | undefined;
  private readonly encoder: ByteLevelEncoder;
  /** Tokens that are looked for in the text as it is, and those looked for after the normalizer. */
  private readonly rawTokens: AddedTokenMatcher;
  private readonly normalizedTokens: AddedTokenMatcher | undefined;
  private readonly specialIds = new Map<string, number>();
  private readonly contents = new Map<number, string>();
  private breaks: BreakTest | undefined;
  private readonly ids = new IntList();
  private readonly offsets = new IntList();

  constructor(private readonly parts: ByteLevelParts) {
    this.encoder = new ByteLevelEncoder(parts.model, parts.split, parts.refine);
    const normalized = parts.addedTokens.filter((token) => token.normalized);
    this.rawTokens = new AddedTokenMatcher(parts.addedTokens.filter((token) => !token.normalized));
    this.normalizedTokens =
      normalized.length === 0
        ? undefined
        : new AddedTokenMatcher(
            parts.nfc ? normalized.map((token) => ({ ...token, content: token.content.normalize("NFC") })) : normalized,
          );
    for (const { id, content, special } of parts.addedTokens) {
      this.contents.set(id, content);
      if (special) this.specialIds.set(content, id);
    }
    this.vocabularySize = Math.max(parts.vocabulary.idCount, ...parts.addedTokens.map(({ id }) => id + 1));
    this.endOfText = parts.endOfText;
    this.identity = { name: parts.name, hash: parts.contentHash, behaviour: behaviourHash(this), engine: parts.engine };
  }

  encode(text: string, options: EncodeOptions = {}): Int32Array {
    this.ids.clear();
    this.encodeText(text, options, undefined);
    return this.ids.toArray();
  }

  encodeWithOffsets(text: string, options: EncodeOptions = {}): Encoding {
    this.ids.clear();
    this.offsets.clear();
    this.encodeText(text, options, this.offsets);
    return { ids: this.ids.toArray(), offsets: this.offsets.toArray() };
  }

  decode(ids: ArrayLike<number>): string {
    const chunks: Uint8Array[] = [];
    for (let i = 0; i < ids.length; i++) chunks.push(this.tokenBytes(ids[i]!));
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.concat(chunks));
  }

  tokenText(id: number): string {
    return this.contents.get(id) ?? this.decode([id]);
  }

  specialTokenId(content: string): number | undefined {
    return this.specialIds.get(content);
  }

  countSpecialLookalikes(text: string): number {
    let count = 0;
    const visitor = { ordinary: () => undefined, token: () => void count++ };
    this.rawTokens.walk(text, 0, text.length, ({ special }) => special, visitor);
    this.normalizedTokens?.walk(text, 0, text.length, ({ special }) => special, visitor);
    return count;
  }

  mergePaths(text: string): readonly PieceMergePath[] {
    const { nfc, split, refine, model } = this.parts;
    return mergePaths(nfc ? text.normalize("NFC") : text, refine ? chain([split, refine]) : split, model);
  }

  pieceEnds(text: string): Int32Array {
    const ends = new IntList();
    this.parts.split(text, 0, text.length, ends);
    return ends.toArray();
  }

  breaksBetween(before: number, after: number): boolean {
    // Below U+0300 nothing composes with what stands before it.
    if (this.parts.nfc && (before >= 0x300 || after >= 0x300)) return false;
    this.breaks ??= bothBreak(this.parts.breaks(), addedTokenBreaks(this.matchedTokens()));
    return this.breaks(before, after);
  }

  /** All added tokens as they are looked for. */
  private matchedTokens(): readonly AddedToken[] {
    const { addedTokens, nfc } = this.parts;
    return addedTokens.map((token) => (nfc && token.normalized ? { ...token, content: token.content.normalize("NFC") } : token));
  }

  /** As the reference's ByteLevel decoder: a token outside the byte alphabet stands for its own text. Unknown ids give nothing. */
  private tokenBytes(id: number): Uint8Array {
    const token = this.contents.get(id) ?? this.parts.vocabulary.textOf(id);
    if (token === undefined) return new Uint8Array(0);
    return alphabetToBytes(token) ?? Buffer.from(token, "utf8");
  }

  private encodeText(text: string, options: EncodeOptions, offsets: IntList | undefined): void {
    const ordinary = options.special === "ordinary";
    const accept = (token: AddedToken): boolean => !(ordinary && token.special);
    this.rawTokens.walk(text, 0, text.length, accept, {
      token: (token, start, end) => this.pushToken(token.id, start, end, offsets),
      ordinary: (start, end) => this.encodeStretch(text, start, end, accept, offsets),
    });
  }

  private encodeStretch(
    text: string,
    start: number,
    end: number,
    accept: (token: AddedToken) => boolean,
    offsets: IntList | undefined,
  ): void {
    const normalized = this.parts.nfc ? normalizeC(text, start, end) : undefined;
    if (!normalized) {
      this.encodeNormalized(text, start, end, accept, offsets);
      return;
    }
    const from = offsets?.length ?? 0;
    this.encodeNormalized(normalized.text, 0, normalized.text.length, accept, offsets);
    if (!offsets) return;
    for (let i = from; i < offsets.length; i += 2) {
      offsets.items[i] = normalized.starts[offsets.items[i]!]!;
      offsets.items[i + 1] = normalized.ends[offsets.items[i + 1]! - 1]!;
    }
  }

  private encodeNormalized(
    text: string,
    start: number,
    end: number,
    accept: (token: AddedToken) => boolean,
    offsets: IntList | undefined,
  ): void {
    if (!this.normalizedTokens) {
      this.encoder.encode(text, start, end, this.ids, offsets);
      return;
    }
    this.normalizedTokens.walk(text, start, end, accept, {
      token: (token, from, to) => this.pushToken(token.id, from, to, offsets),
      ordinary: (from, to) => this.encoder.encode(text, from, to, this.ids, offsets),
    });
  }

  private pushToken(id: number, start: number, end: number, offsets: IntList | undefined): void {
    this.ids.push(id);
    if (!offsets) return;
    offsets.push(start);
    offsets.push(end);
  }
}

function bothBreak(first: BreakTest, second: BreakTest): BreakTest {
  return (before, after) => first(before, after) && second(before, after);
}
