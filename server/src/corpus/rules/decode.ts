import { isAscii, isUtf8 } from "node:buffer";
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
  // Most files of code are ASCII, and copying bytes is several times faster than decoding them.
  const ascii = isAscii(content);
  const text = ascii ? content.toString("latin1") : content.toString("utf8", markBytes);
  return {
    kind: "text",
    text,
    encoding: "utf-8",
    markBytes,
    byteLength: (start, end) => (ascii ? end - start : Buffer.byteLength(text.slice(start, end), "utf8")),
  };
}

function utf16(content: Buffer, littleEndian: boolean, markBytes = 2): Decoded {
  const name = littleEndian ? "UTF-16LE" : "UTF-16BE";
  if (content.length % 2 !== 0) return reject("encoding", `The file is said to be ${name} but has an odd number of bytes.`);
  const units = littleEndian ? content : Buffer.from(content).swap16();
  const text = units.toString("utf16le", markBytes);
  if (text.includes("\0")) return reject("binary", `The file is said to be ${name} but holds NUL characters.`);
  if (/\p{Cs}/u.test(text)) return reject("encoding", `The file is said to be ${name} but holds unpaired surrogates.`);
  return { kind: "text", text, encoding: name.toLowerCase(), markBytes, byteLength: (start, end) => 2 * (end - start) };
}

function codePoints(text: string): number {
  let surrogates = 0;
  for (let at = 0; at < text.length; at++) if ((text.charCodeAt(at) & 0xfc00) === 0xd800) surrogates++;
  return text.length - surrogates;
}

function utf32(content: Buffer, littleEndian: boolean, markBytes = 4): Decoded {
  const name = littleEndian ? "utf-32le" : "utf-32be";
  if (content.length % 4 !== 0)
    return reject("encoding", `The file is said to be ${name.toUpperCase()} but its length is no multiple of four.`);
  const text = iconv.decode(content.subarray(markBytes), name, { stripBOM: false });
  if (text.includes("\0")) return reject("binary", `The file is said to be ${name.toUpperCase()} but holds NUL characters.`);
  if (text.includes("\ufffd") || /\p{Cs}/u.test(text))
    return reject("encoding", `The file is said to be ${name.toUpperCase()} but holds what is no character.`);
  return { kind: "text", text, encoding: name, markBytes, byteLength: (start, end) => 4 * codePoints(text.slice(start, end)) };
}

/** By a byte order mark, or by an attribute that names a wide encoding: their bytes hold NULs, so they come first. */
function wide(content: Buffer, declared: string | undefined): Decoded | undefined {
  const [a, b, c, d] = content;
  // FF FE 00 00 would be a UTF-16 file that starts with NUL, which is no text.
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return utf32(content, true);
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return utf32(content, false);
  if (a === 0xff && b === 0xfe) return utf16(content, true);
  if (a === 0xfe && b === 0xff) return utf16(content, false);
  const name = /^utf-?(16|32)(le|be)?(?:-bom)?$/i.exec(declared ?? "");
  // A wide file is full of NULs; one without any was converted already, or the attribute is wrong.
  if (name === null || !content.includes(0)) return undefined;
  const littleEndian = name[2]?.toLowerCase() !== "be";
  return name[1] === "16" ? utf16(content, littleEndian, 0) : utf32(content, littleEndian, 0);
}

/** Encodings without shift states: the bytes of a slice are the bytes the slice has in the file. */
const statelessEncoding =
  /^(us-ascii|ascii|utf-?8|iso-?8859-?\d+|latin-?\d|windows-?(?:125\d|874|31j)|cp\d+|koi8-?(?:r|u|ru|t)|mac(?:intosh|cyrillic|greek|turkish|roman)|tis-?620|shift[-_]?jis|sjis|ms_kanji|euc-?jp|euc-?kr|gbk|gb2312|gb18030|big5(?:-?hkscs)?)$/i;

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
    /(?:coding|\bfenc)[:=][ \t]*([-\w.]+)/.exec(firstLines) ??
    /^<\?xml[^>]*encoding=["']([-\w.]+)["']/.exec(head) ??
    /<meta[^>]*charset=["']?([-\w.]+)/i.exec(head);
  const modeline = /\b(?:vim?|ex):[^\n]*\bf(?:ile)?enc(?:oding)?=([-\w.]+)/.exec(
    content.toString("latin1", Math.max(0, content.length - 512)),
  );
  // Emacs appends the line ends to the name.
  return (declared ?? modeline)?.[1]?.replace(/-(?:unix|dos|mac)$/, "");
}

const kana = /[\u3041-\u30ff\uff66-\uff9f]/g;
const hangul = /[\uac00-\ud7a3]/g;
const han = /[\u4e00-\u9fff]/g;
/** What chardet calls them, how they are decoded, and the script that such a text is full of. */
const multiByte: Readonly<Record<string, readonly [encoding: string, script: RegExp, share: number]>> = {
  Shift_JIS: ["shift_jis", kana, 0.15],
  "EUC-JP": ["euc-jp", kana, 0.15],
  "EUC-KR": ["euc-kr", hangul, 0.6],
  GB18030: ["gb18030", han, 0.6],
  Big5: ["big5", han, 0.6],
};
const fewestForeign = 20;

/** An undeclared legacy encoding of East Asia, where nothing speaks against it: the detector is sure, the bytes come back, the script fits. */
function eastAsian(content: Buffer): DecodedText | undefined {
  const [best, second] = analyse(content);
  if (best === undefined || best.confidence < 95 || !Object.hasOwn(multiByte, best.name) || (second?.confidence ?? 0) >= 95)
    return undefined;
  const [encoding, script, share] = multiByte[best.name]!;
  const decoded = bytesIn(content, encoding);
  const foreign = decoded?.text.match(/[^\0-\x7f]/g)?.length ?? 0;
  const fitting = decoded?.text.match(script)?.length ?? 0;
  return foreign >= fewestForeign && fitting >= share * foreign ? decoded : undefined;
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
 * Decodes a file: UTF-8 with or without a mark, UTF-16 and UTF-32 with a mark or declared, an encoding that git attributes or the file
 * declare, Latin-1 / Windows-1252, and the multi-byte encodings of East Asia where they are beyond doubt.
 * Nothing is decoded that does not encode back to the same bytes, so spans can be counted on disk.
 * @param declared the working-tree-encoding attribute.
 */
export function decode(content: Buffer, declared?: string): Decoded {
  if (content[0] === 0xef && content[1] === 0xbb && content[2] === 0xbf && isUtf8(content)) {
    return isBinary(content) ? reject("binary", "The file holds NUL bytes.") : utf8(content, 3);
  }
  const decodedWide = wide(content, declared);
  if (decodedWide !== undefined) return decodedWide;
  if (isBinary(content)) return reject("binary", "The file holds NUL bytes.");
  if (isUtf8(content)) return utf8(content, 0);
  for (const name of [declared, declaredEncoding(content)]) {
    if (name === undefined || !statelessEncoding.test(name) || !iconv.encodingExists(name)) continue;
    const decoded = bytesIn(content, name);
    if (decoded !== undefined) return decoded;
  }
  if (controlShare(content) > 0.02) return reject("binary", "The file holds many control bytes.");
  return eastAsian(content) ?? latin1(content);
}

/** How the lines of a text end; "lf" also for a text of one line. */
export function lineEndsOf(text: string): "lf" | "crlf" | "cr" | "mixed" {
  if (!text.includes("\r")) return "lf";
  const kinds = [
    /(?<!\r)\n/.test(text) ? "lf" : undefined,
    text.includes("\r\n") ? "crlf" : undefined,
    /\r(?!\n)/.test(text) ? "cr" : undefined,
  ] as const;
  const found = kinds.filter((kind) => kind !== undefined);
  return found.length === 1 ? found[0]! : "mixed";
}

function controlShare(content: Buffer): number {
  let controls = 0;
  for (const byte of content) if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12 && byte !== 27) controls++;
  return controls / Math.max(1, content.length);
}
