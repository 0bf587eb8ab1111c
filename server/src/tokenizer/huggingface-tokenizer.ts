import { Tokenizer as HuggingFaceEngine } from "@huggingface/tokenizers";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { TokenizerIdentity } from "@midtrain/protocol/tokens";
import { addedToken, AddedTokenMatcher, type AddedToken } from "./added-tokens";
import { endOfTextId } from "./end-of-text";
import { behaviourHash, contentHash } from "./identity";
import { coveringSpans } from "./covering-spans";
import type { EncodeOptions, Encoding, Tokenizer } from "./tokenizer";
import { modelType, type ComponentJson, type TokenizerJson } from "./tokenizer-json";
import { unsupportedComponent } from "./unsupported";

/** What @huggingface/tokenizers computes as the reference does (measured on Metaspace BPE, Unigram and WordPiece files). */
const normalizers = new Set(["NFC", "NFD", "NFKC", "NFKD", "Prepend", "Replace", "Lowercase", "StripAccents", "BertNormalizer"]);
const preTokenizers = new Set(["Metaspace", "BertPreTokenizer", "WhitespaceSplit"]);
const models = new Set(["BPE", "Unigram", "WordPiece"]);

/** A text of words, code and bytes outside most vocabularies; its ids must survive decoding and encoding again. */
const probe = 'def retry_queue(self, n=1024):\n    return "naïve" + str(n)  # 日本語 😀 русский\n';

/**
 * The labelled fallback for shapes that our engine does not have.
 * @throws MidtrainError (unsupported) naming the first component outside what is known to be right, or when the probe fails.
 */
export function huggingFaceTokenizer(
  json: TokenizerJson,
  options: { readonly name: string; readonly endOfText?: string | undefined },
): Tokenizer {
  checkShape(json);
  const tokenizer = new HuggingFaceTokenizer(json, options);
  const ids = tokenizer.encode(probe, { special: "ordinary" });
  // Read with added tokens: what the vocabulary does not have decodes to the text of its unknown token.
  const again = tokenizer.encode(tokenizer.decode(ids));
  if (ids.length === 0 || ids.length !== again.length || ids.some((id, index) => id !== again[index])) {
    throw unsupportedComponent(`${modelType(json.model)} with a decoder that does not give the probe text's ids back`);
  }
  return tokenizer;
}

function checkShape(json: TokenizerJson): void {
  const model = modelType(json.model);
  if (!models.has(model)) throw unsupportedComponent(`model ${model}`);
  for (const { type } of flatten(json.normalizer, "normalizers"))
    if (!normalizers.has(type)) throw unsupportedComponent(`normalizer ${type}`);
  const stages = flatten(json.pre_tokenizer, "pretokenizers");
  for (const { type } of stages) if (!preTokenizers.has(type)) throw unsupportedComponent(`pre-tokenizer ${type}`);
  const metaspace = stages.some(({ type }) => type === "Metaspace") || (stages.length === 0 && json.normalizer !== null);
  if (model !== "WordPiece" && !metaspace) throw unsupportedComponent(`${model} without Metaspace`);
  for (const token of json.added_tokens) if (token.single_word) throw unsupportedComponent("an added token with single_word");
}

function flatten(component: ComponentJson | null, members: string): ComponentJson[] {
  if (!component) return [];
  return component.type === "Sequence" ? (component[members] as ComponentJson[]).flatMap((part) => flatten(part, members)) : [component];
}

class HuggingFaceTokenizer implements Tokenizer {
  readonly identity: TokenizerIdentity;
  readonly vocabularySize: number;
  readonly endOfText: number | undefined;
  private readonly engine: HuggingFaceEngine;
  /** The same without its special tokens, so that text that looks like one stays text. */
  private readonly ordinaryEngine: HuggingFaceEngine;
  private readonly specials: readonly AddedToken[];
  private readonly lookalikes: AddedTokenMatcher;

  constructor(json: TokenizerJson, options: { readonly name: string; readonly endOfText?: string | undefined }) {
    const added = json.added_tokens.map(addedToken);
    const typed = { ...json, model: { ...json.model, type: modelType(json.model) } };
    this.engine = new HuggingFaceEngine(typed, {});
    this.ordinaryEngine = new HuggingFaceEngine({ ...typed, added_tokens: json.added_tokens.filter(({ special }) => !special) }, {});
    this.specials = added.filter(({ special }) => special);
    this.lookalikes = new AddedTokenMatcher(this.specials);
    this.endOfText = endOfTextId(added, (token) => this.engine.token_to_id(token), options.endOfText);
    this.vocabularySize = 1 + Math.max(...this.engine.get_vocab(true).values());
    this.identity = { name: options.name, hash: contentHash(json), behaviour: behaviourHash(this), engine: "huggingface" };
  }

  encode(text: string, options: EncodeOptions = {}): Int32Array {
    return Int32Array.from(this.run(text, options).ids);
  }

  encodeWithOffsets(text: string, options: EncodeOptions = {}): Encoding {
    const { ids, tokens } = this.run(text, options);
    const offsets = coveringSpans(text, tokens);
    if (offsets) return { ids: Int32Array.from(ids), offsets };
    throw new MidtrainError({
      reason: "unsupported",
      message: `Offsets are not available for this text: the tokens of ${this.identity.name} do not spell it out.`,
      where: this.identity.name,
      next: "Leave offsets out, or use a byte-level tokenizer.",
    });
  }

  decode(ids: ArrayLike<number>): string {
    if (ids.length === 0) return "";
    return this.engine.decode(Array.from(ids), { skip_special_tokens: false, clean_up_tokenization_spaces: false });
  }

  tokenText(id: number): string {
    return (this.engine.id_to_token(id) ?? "").replaceAll("▁", " ");
  }

  specialTokenId(content: string): number | undefined {
    return this.specials.find((token) => token.content === content)?.id;
  }

  countSpecialLookalikes(text: string): number {
    let count = 0;
    this.lookalikes.walk(text, 0, text.length, () => true, { ordinary: () => undefined, token: () => void count++ });
    return count;
  }

  private run(text: string, options: EncodeOptions): { readonly ids: readonly number[]; readonly tokens: readonly string[] } {
    if (text === "") return { ids: [], tokens: [] };
    const engine = options.special === "ordinary" ? this.ordinaryEngine : this.engine;
    return engine.encode(text, { add_special_tokens: false });
  }
}
