import { expect, it } from "vitest";
import { checkLedger } from "./packing-ledger";
import type { EncodedDocument, PackedRows } from "./packing-types";

const encoded: EncodedDocument[] = [
  {
    document: { id: "a", path: "a", tokens: 6 },
    header: Int32Array.of(7, 8),
    fragments: [Int32Array.of(1, 2), Int32Array.of(3, 9)],
    lookalikes: 0,
  },
];
const ledger = {
  documents: 1,
  documentTokens: 6,
  packedTokens: 8,
  paddingTokens: 2,
  headerTokens: 2,
  lossTokens: 4,
  fragments: 2,
  specialLookalikes: 0,
};
const identity = { name: "n", hash: "h", behaviour: "b", engine: "own" } as const;
const good: PackedRows = {
  tokenizer: identity,
  rowLength: 5,
  window: 1,
  rows: 2,
  tokens: Int32Array.of(7, 8, 1, 2, 0, 7, 8, 3, 9, 0),
  segments: Int32Array.of(0, 0, 4, 0, 0, 2, 1, 0, 4, 0, 2, 2),
  documents: [encoded[0]!.document],
  ledger,
};

const broken: [string, Partial<PackedRows>][] = [
  ["a changed token", { tokens: Int32Array.of(7, 8, 1, 5, 0, 7, 8, 3, 9, 0) }],
  ["a changed header", { tokens: Int32Array.of(7, 5, 1, 2, 0, 7, 8, 3, 9, 0) }],
  ["a token between documents", { tokens: Int32Array.of(7, 8, 1, 2, 4, 7, 8, 3, 9, 0) }],
  ["a token after the last document", { tokens: Int32Array.of(7, 8, 1, 2, 0, 7, 8, 3, 9, 4) }],
  ["a missing fragment", { segments: Int32Array.of(0, 0, 4, 0, 0, 2), tokens: Int32Array.of(7, 8, 1, 2, 0, 0, 0, 0, 0, 0) }],
  [
    "a repeated fragment",
    { segments: Int32Array.of(0, 0, 4, 0, 0, 2, 1, 0, 4, 0, 0, 2), tokens: Int32Array.of(7, 8, 1, 2, 0, 7, 8, 1, 2, 0) },
  ],
  ["a wrong length", { segments: Int32Array.of(0, 0, 3, 0, 0, 2, 1, 0, 4, 0, 2, 2) }],
  ["totals that do not add up", { ledger: { ...ledger, headerTokens: 3 } }],
  ["padding that is not counted", { ledger: { ...ledger, paddingTokens: 1 } }],
];

it("accepts rows that hold what went in", () => {
  expect(() => checkLedger(good, encoded, 0)).not.toThrow();
});

it.each(broken)("finds %s", (_name, change) => {
  expect(() => checkLedger({ ...good, ...change }, encoded, 0)).toThrowError(expect.objectContaining({ reason: "internal" }));
});
