import { sha256 } from "../../platform/hash";
import type { Preference } from "./preference";

/** A document that equals an earlier one. */
export interface ExactTwin {
  readonly document: number;
  readonly survivor: number;
  readonly kind: "blob" | "text";
}

export interface ExactGroups {
  /** Documents that equal no preferred one, rising. */
  readonly distinct: readonly number[];
  readonly twins: readonly ExactTwin[];
  /** What was asked for on the way. */
  readonly textHashes: ReadonlyMap<number, string>;
}

/** Hash of a text in which white space does not count: 52 bits beside the fingerprint of the words, as 13 hexadecimal digits. */
export function normalisedHash(text: string): string {
  return sha256(text.replace(/\s+/g, " ").trim()).slice(0, 13);
}

const hashedUnits = 12;

/** The first document with a string, in the order of asking. */
class FirstWith {
  readonly #stringOf: (document: number) => string;
  readonly #table: Int32Array;

  constructor(count: number, stringOf: (document: number) => string) {
    this.#stringOf = stringOf;
    this.#table = new Int32Array(2 ** Math.ceil(Math.log2(2 * count + 2)));
  }

  /** The document itself when no earlier one has its string. */
  of(document: number): number {
    const string = this.#stringOf(document);
    const mask = this.#table.length - 1;
    let hash = 0x811c9dc5;
    // The strings are hashes themselves: their beginning tells them apart.
    const length = Math.min(string.length, hashedUnits);
    for (let at = 0; at < length; at++) hash = Math.imul(hash ^ string.charCodeAt(at), 0x01000193);
    let place = (hash ^ (hash >>> 15)) & mask;
    for (let entry = this.#table[place]!; entry !== 0; entry = this.#table[place]!) {
      if (this.#stringOf(entry - 1) === string) return entry - 1;
      place = (place + 1) & mask;
    }
    this.#table[place] = document + 1;
    return document;
  }
}

interface Groupable {
  readonly blob: string;
  readonly words: string;
}

/** Documents that share blob or words with another one. */
function withCompany(documents: readonly Groupable[]): Uint8Array {
  const company = new Uint8Array(documents.length);
  for (const stringOf of [(index: number) => documents[index]!.blob, (index: number) => documents[index]!.words]) {
    const first = new FirstWith(documents.length, stringOf);
    for (let document = 0; document < documents.length; document++) {
      const other = first.of(document);
      if (other !== document) company[other] = company[document] = 1;
    }
  }
  return company;
}

/**
 * Equal documents: by blob, then by text but for white space, the preferred one first. Only texts with the same words are ever looked at.
 */
export function exactGroups(
  documents: readonly Groupable[],
  preference: Preference,
  hashOfText: (document: number) => string,
): ExactGroups {
  const company = withCompany(documents);
  const together: number[] = [];
  for (let document = 0; document < company.length; document++) if (company[document] === 1) together.push(document);
  const textHashes = new Map<number, string>();
  const byBlob = new Map<string, number>();
  const byWords = new Map<string, number | Map<string, number>>();
  const twins: ExactTwin[] = [];
  const hashed = (document: number): string => {
    const hash = hashOfText(document);
    textHashes.set(document, hash);
    return hash;
  };
  for (const document of preference.sort(together)) {
    const { blob, words } = documents[document]!;
    const sameBlob = byBlob.get(blob);
    const sameText = sameBlob === undefined ? claimText(byWords, words, document, hashed) : undefined;
    const survivor = sameBlob ?? sameText;
    if (survivor !== undefined) {
      twins.push({ document, survivor, kind: sameBlob === undefined ? "text" : "blob" });
      company[document] = 2;
    } else byBlob.set(blob, document);
  }
  const distinct: number[] = [];
  for (let document = 0; document < company.length; document++) if (company[document] !== 2) distinct.push(document);
  return { distinct, twins, textHashes };
}

/** The earlier document with the same text, or undefined after remembering this one. */
function claimText(
  byWords: Map<string, number | Map<string, number>>,
  words: string,
  document: number,
  hashOf: (document: number) => string,
): number | undefined {
  let alike = byWords.get(words);
  if (alike === undefined) {
    byWords.set(words, document);
    return undefined;
  }
  if (typeof alike === "number") byWords.set(words, (alike = new Map([[hashOf(alike), alike]])));
  const hash = hashOf(document);
  const same = alike.get(hash);
  if (same === undefined) alike.set(hash, document);
  return same;
}
