/** The real tokens of a part of a document, for the mode that tints them. */
import type { Range } from "vscode-languageserver";
import type { ShownTokens } from "@midtrain/protocol/language-server";
import { encodingOf } from "../identifiers";
import { isTooLarge, languageFor, type NameContext } from "./name-context";

/** Beyond it a screen is full. */
const tokenCap = 20_000;

/** @returns spans of the tokens that touch the range; null for a document that is too large */
export function shownTokens(context: NameContext, range: Range): ShownTokens | null {
  if (isTooLarge(context)) return null;
  const { document, tokenizer } = context;
  const { offsets } = encodingOf(document.getText(), languageFor(document), tokenizer);
  const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)];
  const spans: number[] = [];
  let first = -1;
  for (let token = firstEndingAfter(offsets, start); 2 * token < offsets.length && offsets[2 * token]! < end; token++) {
    if (spans.length >= 4 * tokenCap) break;
    if (first < 0) first = token;
    const [from, to] = [document.positionAt(offsets[2 * token]!), document.positionAt(offsets[2 * token + 1]!)];
    spans.push(from.line, from.character, to.line, to.character);
  }
  return { tokenizer: tokenizer.identity.name, first: Math.max(0, first), total: offsets.length / 2, spans };
}

/** Offsets are in order. @returns the first token that ends behind an offset */
function firstEndingAfter(offsets: Int32Array, offset: number): number {
  let low = 0;
  for (let high = offsets.length / 2; low < high;) {
    const middle = (low + high) >> 1;
    if (offsets[2 * middle + 1]! <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
