import { MidtrainError } from "@midtrain/protocol/errors";
import { throwIfCancelled } from "../platform/cancellation";
import { windowedBestFit, type Bin } from "./best-fit";
import { cutFragments } from "./cut-fragments";
import { checkLedger } from "./packing-ledger";
import {
  segmentWidth,
  type EncodedDocument,
  type PackedRows,
  type PackingDocument,
  type PackingLedger,
  type PackingTokenizer,
} from "./packing-types";
import { renderDocument, splitRendered } from "./render-document";

export interface PackOptions {
  readonly documents: Iterable<PackingDocument> | AsyncIterable<PackingDocument>;
  readonly tokenizer: PackingTokenizer;
  readonly rowLength: number;
  /** Fragments per best-fit window. */
  readonly window?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly documents: number; readonly tokens: number }) => void;
}

/** Documents between two yields to the event loop. */
const breath = 64;
const smallestRow = 16;

/**
 * Packs documents into rows of `rowLength` tokens (chapter §3.3, §7.3): path order, windowed best-fit, every fragment under its path
 * header as masked context, boundaries written. No token is lost or repeated; a ledger that does not balance is an internal error.
 */
export async function packDocuments(options: PackOptions): Promise<PackedRows> {
  const { tokenizer, rowLength, window = 128, signal, onProgress } = options;
  if (rowLength < smallestRow) {
    const message = `Rows of ${rowLength} tokens are too short to hold a path header and text.`;
    throw new MidtrainError({ reason: "input", message, where: "training.rowLength", next: `Set it to at least ${smallestRow}.` });
  }
  const encoded: EncodedDocument[] = [];
  let tokens = 0;
  let seen = 0;
  for await (const document of options.documents) {
    throwIfCancelled(signal, "packing");
    const one = encodeDocument(document, tokenizer, rowLength);
    if (one !== undefined) encoded.push(one);
    tokens += one?.document.tokens ?? 0;
    if (++seen % breath !== 0) continue;
    onProgress?.({ documents: seen, tokens });
    await new Promise(setImmediate);
  }
  encoded.sort((a, b) => compare(a.document.path, b.document.path) || compare(a.document.id, b.document.id));
  const packed = layOut(encoded, { tokenizer, rowLength, window });
  checkLedger(packed, encoded, tokenizer.endOfText ?? 0);
  onProgress?.({ documents: seen, tokens });
  return packed;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Undefined for a document without a body: there is nothing to learn from a header alone. */
function encodeDocument(document: PackingDocument, tokenizer: PackingTokenizer, rowLength: number): EncodedDocument | undefined {
  const { header, body } = document.rendered ? splitRendered(document.text) : renderDocument(document);
  const wholeHeader = header === "" ? startOfText(tokenizer) : tokenizer.encode(header, { special: "ordinary" });
  // A path longer than half a row keeps its end: the file name says most.
  const headerTokens = wholeHeader.subarray(Math.max(0, wholeHeader.length - Math.floor(rowLength / 2)));
  const ending = tokenizer.endOfText === undefined ? [] : [tokenizer.endOfText];
  const fragments = cutFragments(body, tokenizer, rowLength - headerTokens.length - ending.length);
  const last = fragments.pop();
  if (last === undefined || (fragments.length === 0 && last.length === 0)) return undefined;
  fragments.push(Int32Array.from([...last, ...ending]));
  const bodyTokens = fragments.reduce((sum, fragment) => sum + fragment.length, 0);
  return {
    document: { id: document.id, path: document.path, tokens: headerTokens.length + bodyTokens },
    header: headerTokens,
    fragments,
    lookalikes: tokenizer.countSpecialLookalikes(header) + tokenizer.countSpecialLookalikes(body),
  };
}

/** A text without a header begins after the end-of-text token, as it does when it is scored or generated without context. */
function startOfText({ endOfText }: PackingTokenizer): Int32Array {
  return endOfText === undefined ? new Int32Array(0) : Int32Array.of(endOfText);
}

interface Piece {
  readonly documentIndex: number;
  readonly header: Int32Array;
  readonly body: Int32Array;
  /** Position of the first body token in the document's body. */
  readonly bodyTokenStart: number;
}

function piecesOf(encoded: readonly EncodedDocument[]): Piece[] {
  const pieces: Piece[] = [];
  for (const [documentIndex, { header, fragments }] of encoded.entries()) {
    let bodyTokenStart = 0;
    for (const body of fragments) {
      pieces.push({ documentIndex, header, body, bodyTokenStart });
      bodyTokenStart += body.length;
    }
  }
  return pieces;
}

function layOut(
  encoded: readonly EncodedDocument[],
  { tokenizer, rowLength, window }: { tokenizer: PackingTokenizer; rowLength: number; window: number },
): PackedRows {
  const pieces = piecesOf(encoded);
  const lengths = pieces.map((piece) => piece.header.length + piece.body.length);
  const bins = windowedBestFit(lengths, rowLength, window);
  const tokens = new Int32Array(bins.length * rowLength).fill(tokenizer.endOfText ?? 0);
  const segments = new Int32Array(pieces.length * segmentWidth);
  let segment = 0;
  for (const [row, bin] of bins.entries()) segment = writeRow(row, bin, segment);

  function writeRow(row: number, bin: Bin, first: number): number {
    let start = 0;
    let next = first;
    for (const index of bin.pieces) {
      const { header, body, documentIndex, bodyTokenStart } = pieces[index]!;
      tokens.set(header, row * rowLength + start);
      tokens.set(body, row * rowLength + start + header.length);
      segments.set([row, start, header.length + body.length, documentIndex, bodyTokenStart, header.length], next++ * segmentWidth);
      start += header.length + body.length;
    }
    return next;
  }

  const documents = encoded.map((one) => one.document);
  return {
    tokenizer: tokenizer.identity,
    rowLength,
    window,
    rows: bins.length,
    tokens,
    segments,
    documents,
    ledger: ledgerOf(encoded, pieces, tokens.length),
  };
}

function ledgerOf(encoded: readonly EncodedDocument[], pieces: readonly Piece[], positions: number): PackingLedger {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const packedTokens = sum(pieces.map((piece) => piece.header.length + piece.body.length));
  return {
    documents: encoded.length,
    documentTokens: sum(encoded.map((one) => one.document.tokens)),
    packedTokens,
    paddingTokens: positions - packedTokens,
    headerTokens: sum(encoded.map((one) => one.header.length * (one.fragments.length - 1))),
    // Without a header the first token of a fragment has no context to be predicted from.
    lossTokens: sum(pieces.map((piece) => piece.body.length - (piece.header.length === 0 ? 1 : 0))),
    fragments: pieces.length,
    specialLookalikes: sum(encoded.map((one) => one.lookalikes)),
  };
}
