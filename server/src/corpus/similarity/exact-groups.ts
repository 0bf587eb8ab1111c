import { sha256 } from "../../platform/hash";

/** A document that equals an earlier one. */
export interface ExactTwin {
  readonly document: number;
  readonly survivor: number;
  readonly kind: "blob" | "text";
}

export interface ExactGroups {
  /** Documents that equal no earlier one, in the order given. */
  readonly distinct: readonly number[];
  readonly twins: readonly ExactTwin[];
  /** What was asked for on the way. */
  readonly textHashes: ReadonlyMap<number, string>;
}

/** Hash of a text in which white space does not count: 52 bits beside the fingerprint of the words, as 13 hexadecimal digits. */
export function normalisedHash(text: string): string {
  return sha256(text.replace(/\s+/g, " ").trim()).slice(0, 13);
}

/**
 * Equal documents: by blob, then by text but for white space. Only texts with the same words are ever looked at.
 * @param order indices, the preferred document first
 */
export function exactGroups(
  documents: readonly { readonly blob: string; readonly words: string }[],
  order: readonly number[],
  hashOfText: (document: number) => string,
): ExactGroups {
  const byBlob = new Map<string, number>();
  const byWords = new Map<string, number | Map<string, number>>();
  const textHashes = new Map<number, string>();
  const hashed = (document: number): string => {
    const hash = hashOfText(document);
    textHashes.set(document, hash);
    return hash;
  };
  const distinct: number[] = [];
  const twins: ExactTwin[] = [];
  for (const index of order) {
    const { blob, words } = documents[index]!;
    const sameBlob = byBlob.get(blob);
    if (sameBlob !== undefined) {
      twins.push({ document: index, survivor: sameBlob, kind: "blob" });
      continue;
    }
    let alike = byWords.get(words);
    if (alike === undefined) byWords.set(words, index);
    else {
      if (typeof alike === "number") byWords.set(words, (alike = new Map([[hashed(alike), alike]])));
      const hash = hashed(index);
      const sameText = alike.get(hash);
      if (sameText !== undefined) {
        twins.push({ document: index, survivor: sameText, kind: "text" });
        continue;
      }
      alike.set(hash, index);
    }
    byBlob.set(blob, index);
    distinct.push(index);
  }
  return { distinct, twins, textHashes };
}
