import type { PlainError } from "../../platform/plain-error";
import type { Cleaned, CleanedDocument, CleanRequest, Knowledge, Look, NumberedFile } from "./file-work";

/** To a worker thread: batches are answered in order, knowledge is not answered. */
export type CrewRequest =
  | { readonly kind: "look"; readonly files: readonly NumberedFile[] }
  | { readonly kind: "clean"; readonly files: readonly CleanRequest[]; readonly room: SharedArrayBuffer }
  | { readonly kind: "learn"; readonly knowledge: Knowledge };

export type CrewReply =
  | { readonly kind: "look"; readonly looks: readonly Look[] }
  | { readonly kind: "clean"; readonly cleaned: readonly SentCleaned[] }
  | { readonly kind: "error"; readonly error: PlainError };

/** A cleaned file whose bytes stand in the room of the request from `at` on, or in an own buffer where it had no more room for them. */
export type SentCleaned = Exclude<Cleaned, CleanedDocument> | SentDocument;

export interface SentDocument extends Omit<CleanedDocument, "text" | "high" | "low"> {
  readonly at: number;
  readonly textBytes: number;
  readonly shingles: number;
  readonly own?: ArrayBuffer;
}

const aligned = (bytes: number): number => Math.ceil(bytes / 4) * 4;

/** Bytes that text and shingles take one behind the other. */
function bytesOf(textBytes: number, shingles: number): number {
  return aligned(textBytes) + 8 * shingles;
}

function views(buffer: ArrayBufferLike, at: number, textBytes: number, shingles: number): Pick<CleanedDocument, "text" | "high" | "low"> {
  const high = at + aligned(textBytes);
  return {
    text: new Uint8Array(buffer, at, textBytes),
    high: new Uint32Array(buffer, high, shingles),
    low: new Uint32Array(buffer, high + 4 * shingles, shingles),
  };
}

/** Puts what was cleaned one behind the other into a room, which the other thread reads without a copy. */
export class Packer {
  readonly #room: SharedArrayBuffer;
  #at = 0;
  /** Buffers of what found no room. */
  readonly own: ArrayBuffer[] = [];

  constructor(room: SharedArrayBuffer) {
    this.#room = room;
  }

  pack(cleaned: Cleaned): SentCleaned {
    if (cleaned.kind === "reject") return cleaned;
    const { text, high, low, ...rest } = cleaned;
    const [textBytes, shingles] = [text.length, low.length];
    const bytes = bytesOf(textBytes, shingles);
    const own = this.#at + bytes > this.#room.byteLength ? new ArrayBuffer(bytes) : undefined;
    const at = own === undefined ? this.#at : 0;
    const into = views(own ?? this.#room, at, textBytes, shingles);
    into.text.set(text);
    into.high.set(high);
    into.low.set(low);
    if (own === undefined) this.#at += bytes;
    else this.own.push(own);
    return { ...rest, at, textBytes, shingles, ...(own === undefined ? {} : { own }) };
  }
}

/** What a thread sent, with views into the room. */
export function unpacked(sent: SentCleaned, room: SharedArrayBuffer): Cleaned {
  if (sent.kind === "reject") return sent;
  const { at, textBytes, shingles, own, ...rest } = sent;
  return { ...rest, ...views(own ?? room, at, textBytes, shingles) };
}
