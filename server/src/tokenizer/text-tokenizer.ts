import type { TokenizerIdentity } from "@midtrain/protocol/tokens";
import { AddedTokenMatcher, type AddedToken } from "./added-tokens";
import { AlignedText } from "./aligned-text";
import { behaviourHash } from "./identity";
import { wellFormed } from "./normal-forms";
import type { TextNormalizer } from "./text-normalizers";
import type { TextSplitter } from "./text-pre-tokenizers";
import { TokenList, type TokenModel } from "./token-model";
import type { EncodeOptions, Encoding, Tokenizer } from "./tokenizer";

export interface TextTokenizerParts {
  readonly name: string;
  readonly contentHash: string;
  readonly addedTokens: readonly AddedToken[];
  readonly normalizer: TextNormalizer | undefined;
  readonly split: TextSplitter;
  readonly model: TokenModel;
  readonly decode: (tokens: readonly string[]) => string;
  readonly endOfText: number | undefined;
}

/**
 * Any pipeline of a tokenizer.json, with spans through every normalizer: added tokens, normalizer, pre-tokenizer, model,
 * decoder, in the reference's order. Byte-level shapes have a faster engine (ByteLevelTokenizer); this one knows all.
 */
export class TextTokenizer implements Tokenizer {
  readonly identity: TokenizerIdentity;
  readonly vocabularySize: number;
  readonly endOfText: number | undefined;
  private readonly rawTokens: AddedTokenMatcher;
  private readonly normalizedTokens: AddedTokenMatcher;
  private readonly specialIds = new Map<string, number>();
  /** Token texts by id as the decoder takes them: an added token that the normalizer changes is written as it makes it. */
  private readonly contents = new Map<number, string>();
  private readonly tokens = new TokenList();
  private readonly piece = new TokenList();

  constructor(private readonly parts: TextTokenizerParts) {
    const { normalizer } = parts;
    const matched = parts.addedTokens
      .filter((token) => token.normalized)
      .map((token) => ({ ...token, content: normalizer ? normalizer(new AlignedText(token.content, 0)).text : token.content }));
    this.rawTokens = new AddedTokenMatcher(parts.addedTokens.filter((token) => !token.normalized));
    this.normalizedTokens = new AddedTokenMatcher(matched.filter(({ content }) => content !== ""));
    for (const [token, id] of parts.model.vocabulary) this.contents.set(id, token);
    for (const { id, content, special } of [...parts.addedTokens, ...matched]) {
      this.contents.set(id, content);
      if (special) this.specialIds.set(content, id);
    }
    this.vocabularySize = 1 + [...this.contents.keys()].reduce((highest, id) => Math.max(highest, id), -1);
    this.endOfText = parts.endOfText;
    this.identity = { name: parts.name, hash: parts.contentHash, behaviour: behaviourHash(this), engine: "own" };
  }

  encode(text: string, options: EncodeOptions = {}): Int32Array {
    return this.run(text, options).ids.toArray();
  }

  encodeWithOffsets(text: string, options: EncodeOptions = {}): Encoding {
    const { ids, spans } = this.run(text, options);
    return { ids: ids.toArray(), offsets: spans.toArray() };
  }

  decode(ids: ArrayLike<number>): string {
    return this.parts.decode(Array.from(ids).flatMap((id) => this.contents.get(id) ?? []));
  }

  tokenText(id: number): string {
    const token = this.contents.get(id) ?? "";
    const byte = /^<0x([0-7][0-9A-F])>$/.exec(token)?.[1];
    return byte === undefined ? token.replaceAll("▁", " ") : String.fromCharCode(parseInt(byte, 16));
  }

  specialTokenId(content: string): number | undefined {
    return this.specialIds.get(content);
  }

  countSpecialLookalikes(text: string): number {
    let count = 0;
    const visitor = { ordinary: () => undefined, token: () => void count++ };
    for (const tokens of [this.rawTokens, this.normalizedTokens]) tokens.walk(text, 0, text.length, ({ special }) => special, visitor);
    return count;
  }

  private run(text: string, options: EncodeOptions): TokenList {
    this.tokens.clear();
    const source = wellFormed(text);
    const ordinary = options.special === "ordinary";
    const accept = (token: AddedToken): boolean => !(ordinary && token.special);
    this.rawTokens.walk(source, 0, source.length, accept, {
      token: (token, start, end) => this.tokens.push(token.id, start, end),
      ordinary: (start, end) => this.encodeStretch(new AlignedText(source.slice(start, end), start), accept, ordinary),
    });
    return this.tokens;
  }

  private encodeStretch(stretch: AlignedText, accept: (token: AddedToken) => boolean, ordinary: boolean): void {
    const text = this.parts.normalizer?.(stretch) ?? stretch;
    this.normalizedTokens.walk(text.text, 0, text.text.length, accept, {
      token: (token, from, to) => this.tokens.push(token.id, text.startOf(from), text.endOf(to - 1)),
      ordinary: (from, to) => {
        for (const piece of this.parts.split(text.slice(from, to))) this.encodePiece(piece, ordinary);
      },
    });
  }

  private encodePiece(piece: AlignedText, ordinary: boolean): void {
    this.piece.clear();
    this.parts.model.encode(piece.text, this.piece, ordinary);
    const { ids, spans } = this.piece;
    for (let i = 0; i < ids.length; i++)
      this.tokens.push(ids.items[i]!, piece.startOf(spans.items[2 * i]!), piece.endOf(spans.items[2 * i + 1]! - 1));
  }
}
