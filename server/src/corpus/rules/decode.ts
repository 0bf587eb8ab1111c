import { isUtf8 } from "node:buffer";
import { analyse } from "chardet";
import iconv from "iconv-lite";

/** A decoded file, and how many bytes on disk a stretch of it takes. */
export interface DecodedText {
  readonly kind: "text";
  /** Without a byte order mark, as an editor shows it. */
  readonly text: string;
  readonly encoding: string;
  /** Bytes of the byte order mark on disk, 0 without one. */
  readonly markBytes: number;
  /** On-disk bytes of text[start, end). */
  byteLength(start: number, end: number): number;
}

export type Decoded = DecodedText | { readonly kind: "reject"; readonly rule: "binary" | "encoding"; readonly reason: string };

/** Git and most tools look for a NUL in the first 8,000 bytes; one anywhere in a file of text is as telling. */
function isBinary(content: Buffer): boolean {
  return content.includes(0);
}

function reject(rule: "binary" | "encoding", reason: string): Decoded {
  return { kind: "reject", rule, reason };
}

function utf8(content: Buffer, markBytes: number): DecodedText {
  const text = content.toString("utf8", markBytes);
  const ascii = text.length === content.length - markBytes;
  return {
    kind: "text",
    text,
    encoding: "utf-8",
    markBytes,
    byteLength: (start, end) => (ascii ? end - start : Buffer.byteLength(text.slice(start, end), "utf8")),
  };
}

function utf16(content: Buffer, littleEndian: boolean): Decoded {
  const name = littleEndian ? "UTF-16LE" : "UTF-16BE";
  if (content.length % 2 !== 0) return reject("encoding", `The file starts like ${name} but has an odd number of bytes.`);
  const units = littleEndian ? content : Buffer.from(content).swap16();
  const text = units.toString("utf16le", 2);
  if (text.includes("\0")) return reject("binary", `The file starts like ${name} but holds NUL characters.`);
  if (/\p{Cs}/u.test(text)) return reject("encoding", `The file starts like ${name} but holds unpaired surrogates.`);
  return { kind: "text", text, encoding: name.toLowerCase(), markBytes: 2, byteLength: (start, end) => 2 * (end - start) };
}

/** Encodings without shift states: the bytes of a slice are the bytes the slice has in the file. */
const statelessEncoding =
  /^(us-ascii|ascii|utf-?8|iso-?8859-?\d+|latin-?\d|windows-?125\d|cp\d+|koi8-?[ru]|macintosh|shift_?jis|sjis|euc-?jp|euc-?kr|gbk|gb2312|gb18030|big5)$/i;

function bytesIn(content: Buffer, encoding: string): DecodedText | undefined {
  const text = iconv.decode(content, encoding, { stripBOM: false });
  // C1 controls and replacement characters are what a wrong guess looks like.
  if (/[\u0080-\u009f\ufffd]/.test(text)) return undefined;
  if (!iconv.encode(text, encoding).equals(content)) return undefined;
  const singleByte = text.length === content.length;
  return {
    kind: "text",
    text,
    encoding: encoding.toLowerCase(),
    markBytes: 0,
    byteLength: (start, end) => (singleByte ? end - start : iconv.encode(text.slice(start, end), encoding).length),
  };
}

/** What the file itself says in its first lines: PEP 263 and editor cookies, an XML declaration, an HTML charset. */
function declaredEncoding(content: Buffer): string | undefined {
  const head = content.toString("latin1", 0, 1024);
  const firstLines = head.split("\n", 2).join("\n");
  const declared =
    /coding[:=][ \t]*([-\w.]+)/.exec(firstLines) ??
    /^<\?xml[^>]*encoding=["']([-\w.]+)["']/.exec(head) ??
    /<meta[^>]*charset=["']?([-\w.]+)/i.exec(head);
  return declared?.[1];
}

function latin1(content: Buffer): Decoded {
  const guesses = analyse(content);
  const best = guesses[0];
  const western = guesses.find((guess) => /^(ISO-8859-1|windows-1252)$/i.test(guess.name));
  // Few accented letters leave the guesses close together; then the encoding that most such files have wins.
  const isWestern = western !== undefined && best !== undefined && western.confidence * 2 >= best.confidence;
  const decoded = isWestern ? bytesIn(content, "windows-1252") : undefined;
  if (decoded !== undefined) return decoded;
  const guess = best === undefined ? "no known encoding" : `${best.name} (${best.confidence} % sure)`;
  return reject("encoding", `The bytes are no UTF-8 and look like ${guess}; convert the file to UTF-8 to have it in the corpus.`);
}

/**
 * Decodes a file: UTF-8 with or without a mark, UTF-16 with a mark, an encoding that git attributes or the file declare, Latin-1 / Windows-1252.
 * Nothing is decoded that does not encode back to the same bytes, so spans can be counted on disk.
 * @param declared the working-tree-encoding attribute.
 */
export function decode(content: Buffer, declared?: string): Decoded {
  if (content.length >= 3 && content[0] === 0xef && content[1] === 0xbb && content[2] === 0xbf && isUtf8(content)) {
    return isBinary(content) ? reject("binary", "The file holds NUL bytes.") : utf8(content, 3);
  }
  if (content.length >= 2 && content[0] === 0xff && content[1] === 0xfe) return utf16(content, true);
  if (content.length >= 2 && content[0] === 0xfe && content[1] === 0xff) return utf16(content, false);
  if (isBinary(content)) return reject("binary", "The file holds NUL bytes.");
  if (isUtf8(content)) return utf8(content, 0);
  for (const name of [declared, declaredEncoding(content)]) {
    if (name === undefined || !statelessEncoding.test(name) || !iconv.encodingExists(name)) continue;
    const decoded = bytesIn(content, name);
    if (decoded !== undefined) return decoded;
  }
  return controlShare(content) > 0.02 ? reject("binary", "The file holds many control bytes.") : latin1(content);
}

function controlShare(content: Buffer): number {
  let controls = 0;
  for (const byte of content) if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12 && byte !== 27) controls++;
  return controls / Math.max(1, content.length);
}
