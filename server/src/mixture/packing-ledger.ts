import { MidtrainError } from "@midtrain/protocol/errors";
import { segmentWidth, type EncodedDocument, type PackedRows } from "./packing-types";

function broken(message: string): MidtrainError {
  return new MidtrainError({
    reason: "internal",
    message: `Packing lost its balance: ${message}.`,
    next: "Please report this with the log.",
  });
}

/**
 * Reads the packed rows back and compares them with what went in: every body token exactly once and in order, every header whole,
 * nothing but padding elsewhere, and totals that add up. Throws an internal error otherwise.
 */
export function checkLedger(packed: PackedRows, encoded: readonly EncodedDocument[], padding: number): void {
  const bodies = encoded.map((one) => ({ placed: new Uint8Array(one.fragments.length), starts: fragmentStarts(one) }));
  const { rowLength, tokens, segments, ledger } = packed;
  let position = 0;
  for (let at = 0; at < segments.length; at += segmentWidth) {
    const [row, start, length, index, bodyStart, headerLength] = segments.subarray(at, at + segmentWidth) as unknown as Six;
    const begin = row * rowLength + start;
    if (begin < position) throw broken(`segment ${at / segmentWidth} overlaps the one before`);
    if (!isPadding(tokens, position, begin, padding)) throw broken(`tokens outside of any document in row ${row}`);
    const source = encoded[index];
    const fragment = bodies[index]?.starts.get(bodyStart);
    if (source === undefined || fragment === undefined) throw broken(`segment ${at / segmentWidth} belongs to no document`);
    const { placed } = bodies[index]!;
    placed[fragment] = placed[fragment]! + 1;
    if (placed[fragment] > 1) throw broken(`a fragment of ${source.document.path} is packed twice`);
    const body = source.fragments[fragment]!;
    if (headerLength !== source.header.length || length !== headerLength + body.length)
      throw broken(`a fragment of ${source.document.path} changed its length`);
    if (!equalAt(tokens, begin, source.header) || !equalAt(tokens, begin + headerLength, body))
      throw broken(`a fragment of ${source.document.path} changed`);
    position = begin + length;
  }
  if (!isPadding(tokens, position, tokens.length, padding)) throw broken("tokens after the last document");
  for (const [index, { placed }] of bodies.entries()) {
    if (placed.some((times) => times !== 1)) throw broken(`a fragment of ${encoded[index]!.document.path} is missing`);
  }
  if (ledger.documentTokens + ledger.headerTokens !== ledger.packedTokens) throw broken("documents and repeated headers do not add up");
  if (ledger.packedTokens + ledger.paddingTokens !== tokens.length) throw broken("tokens and padding do not add up");
}

type Six = readonly [number, number, number, number, number, number];

function fragmentStarts(one: EncodedDocument): Map<number, number> {
  const starts = new Map<number, number>();
  let start = 0;
  for (const [fragment, body] of one.fragments.entries()) {
    starts.set(start, fragment);
    start += body.length;
  }
  return starts;
}

function equalAt(tokens: Int32Array, at: number, expected: Int32Array): boolean {
  for (let i = 0; i < expected.length; i++) if (tokens[at + i] !== expected[i]) return false;
  return true;
}

function isPadding(tokens: Int32Array, from: number, to: number, padding: number): boolean {
  for (let i = from; i < to; i++) if (tokens[i] !== padding) return false;
  return true;
}
