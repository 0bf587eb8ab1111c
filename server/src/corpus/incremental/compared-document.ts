import type { CleanDocument } from "../clean-stage";
import { documentKey } from "../similarity/document-key";
import type { KeyedDocument } from "../similarity/similarity-state";
import { unpackText, type PackedText } from "../written/packed-text";
import { StoredDocument } from "./lazy-record";

/** A document as deduplication sees it. A class of two references and a number, because there are tens of thousands. */
export class ComparedDocument implements KeyedDocument {
  readonly #document: CleanDocument;
  readonly #index: number;
  readonly #packed: (index: number) => PackedText;

  constructor(document: CleanDocument, index: number, packed: (index: number) => PackedText) {
    this.#document = document;
    this.#index = index;
    this.#packed = packed;
  }

  get path(): string {
    return this.#document.path;
  }

  get blob(): string {
    return this.#document.blob;
  }

  get bytes(): number {
    return this.#document.bytes;
  }

  get words(): string {
    return this.#document.words;
  }

  get key(): number {
    const { before, path, blob, words } = this.#document;
    return before instanceof StoredDocument ? before.key : documentKey(path, blob, words);
  }

  text(): string {
    return unpackText(this.#packed(this.#index));
  }
}
