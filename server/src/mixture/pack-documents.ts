import { MidtrainError } from "@midtrain/protocol/errors";
import { throwIfCancelled } from "../platform/cancellation";
import { windowedBestFit, type Bin } from "./best-fit";
import { cutFragments, type Fragment } from "./cut-fragments";
import { encodeHeader, type HeaderStyle } from "./document-header";
import { fillInTheMiddle, fillReserve, isChosen, type FillInTheMiddle } from "./fill-in-the-middle";
import { asOrdinaryText } from "./ordinary-text";
import { checkLedger } from "./packing-ledger";
import {
  segmentWidth,
  type EncodedDocument,
  type PackedDocument,
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
  /** How a document is told apart from others; by default a line with its path. */
  readonly header?: HeaderStyle;
  /** Control tokens that text must not be read as. */
  readonly controls?: readonly string[];
  readonly fill?: FillInTheMiddle | undefined;
  /** Places of paths in the order of packing; paths that have none come after them. By default the order is that of the paths. */
  readonly places?: ReadonlyMap<string, number> | undefined;
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
  const { rowLength, window = 128, places, signal, onProgress } = options;
  const tokenizer = asOrdinaryText(options.tokenizer, options.controls ?? []);
  if (rowLength < smallestRow) {
    const message = `Rows of ${rowLength} tokens are too short to hold a path header and text.`;
    throw new MidtrainError({ reason: "input", message, where: "training.rowLength", next: `Set it to at least ${smallestRow}.` });
  }
  const encoded: EncodedDocument[] = [];
  let tokens = 0;
  let seen = 0;
  for await (const document of options.documents) {
    throwIfCancelled(signal, "packing");
    const one = encodeDocument(document, options, tokenizer);
    if (one !== undefined) encoded.push(one);
    tokens += one?.document.tokens ?? 0;
    if (++seen % breath !== 0) continue;
    onProgress?.({ documents: seen, tokens });
    await new Promise(setImmediate);
  }
  const rank = ({ path }: PackedDocument): number => places?.get(path) ?? places?.size ?? 0;
  encoded.sort(({ document: a }, { document: b }) => rank(a) - rank(b) || compare(a.path, b.path) || compare(a.id, b.id));
  const packed = layOut(encoded, { tokenizer, rowLength, window });
  checkLedger(packed, encoded, tokenizer.endOfText ?? 0);
  onProgress?.({ documents: seen, tokens });
  return packed;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Undefined for a document without a body: there is nothing to learn from a header alone. */
function encodeDocument(document: PackingDocument, options: PackOptions, tokenizer: PackingTokenizer): EncodedDocument | undefined {
  const { rowLength } = options;
  const { header, body } = document.rendered ? splitRendered(document.text) : renderDocument(document);
  const headerTokens = headerOf(document, header, options, tokenizer);
  const ending = tokenizer.endOfText === undefined ? [] : [tokenizer.endOfText];
  const room = rowLength - headerTokens.length;
  // A row of few tokens has no room to turn anything around in.
  const fill = document.rendered || room < 4 * fillReserve ? undefined : options.fill;
  const chosen = (fragment: number): FillInTheMiddle | undefined =>
    fill !== undefined && isChosen([document.id, fragment], fill) ? fill : undefined;
  const cut = cutFragments(body, tokenizer, (index) => room - (chosen(index) === undefined ? ending.length : fillReserve));
  const last = cut[cut.length - 1];
  if (last === undefined || (cut.length === 1 && last.tokens.length === 0)) return undefined;
  const turned = cut.map(({ text }, index) => {
    const asked = chosen(index);
    return asked === undefined || text === undefined ? undefined : fillInTheMiddle(text, [document.id, index], asked, tokenizer, room);
  });
  const fragments = cut.map((fragment, index) => turned[index] ?? withEnd(fragment, fragment === last ? ending : []));
  const bodyTokens = fragments.reduce((sum, fragment) => sum + fragment.length, 0);
  return {
    document: { id: document.id, path: document.path, tokens: headerTokens.length + bodyTokens },
    header: headerTokens,
    fragments,
    turned: turned.filter((each) => each !== undefined).length,
    lookalikes: tokenizer.countSpecialLookalikes(header) + tokenizer.countSpecialLookalikes(body),
  };
}

function withEnd({ tokens }: Fragment, ending: readonly number[]): Int32Array {
  return ending.length === 0 ? tokens : Int32Array.from([...tokens, ...ending]);
}

function headerOf(document: PackingDocument, header: string, options: PackOptions, tokenizer: PackingTokenizer): Int32Array {
  if (header === "") return startOfText(tokenizer);
  if (!document.rendered) return encodeHeader(document, options.header ?? { kind: "path" }, tokenizer, options.rowLength);
  const ids = tokenizer.encode(header, { special: "ordinary" });
  return ids.subarray(Math.max(0, ids.length - Math.floor(options.rowLength / 2)));
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
    ...turnedOf(encoded),
    specialLookalikes: sum(encoded.map((one) => one.lookalikes)),
  };
}

/** Named only where something was turned around, so that rows without it keep their manifest. */
function turnedOf(encoded: readonly EncodedDocument[]): Pick<PackingLedger, "filledMiddles"> {
  const filledMiddles = encoded.reduce((sum, { turned = 0 }) => sum + turned, 0);
  return filledMiddles === 0 ? {} : { filledMiddles };
}
