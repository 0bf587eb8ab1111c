import { describe, expect, test } from "vitest";
import iconv from "iconv-lite";
import { decode } from "./decode";

const sample = "größe = 1  # naïve café déjà vu — señor Müller überprüft die Größe\n".repeat(4);

function textOf(content: Buffer, declared?: string): { text: string; encoding: string; bytes: number } {
  const decoded = decode(content, declared);
  if (decoded.kind === "reject") throw new Error(decoded.reason);
  return { text: decoded.text, encoding: decoded.encoding, bytes: decoded.markBytes + decoded.byteLength(0, decoded.text.length) };
}

describe("encodings", () => {
  const latin = sample.replaceAll("—", "-");
  test.each([
    ["utf-8", Buffer.from(sample), sample],
    ["utf-8", Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(sample)]), sample],
    ["utf-16le", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(sample, "utf16le")]), sample],
    ["utf-16be", Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(sample, "utf16le").swap16()]), sample],
    ["windows-1252", Buffer.from(latin, "latin1"), latin],
    ["windows-1252", iconv.encode(sample, "windows-1252"), sample],
  ])("%s keeps text and count of bytes", (encoding, content, text) => {
    expect(textOf(content)).toEqual({ text, encoding, bytes: content.length });
  });

  test("spans count in bytes on disk", () => {
    const decoded = decode(Buffer.from("aé😀b"));
    if (decoded.kind === "reject") throw new Error(decoded.reason);
    expect([decoded.byteLength(0, 1), decoded.byteLength(1, 2), decoded.byteLength(2, 4), decoded.byteLength(4, 5)]).toEqual([1, 2, 4, 1]);
  });

  test("what the file or an attribute declares is believed when it decodes back to the same bytes", () => {
    const text = "# -*- coding: euc-jp -*-\nname = '日本語のテキスト'\n";
    expect(textOf(iconv.encode(text, "euc-jp")).text).toBe(text);
    const russian = "# Привет, мир. Это проверка кодировки.\n";
    expect(textOf(iconv.encode(russian, "koi8-r"), "koi8-r").text).toBe(russian);
  });
});

describe("rejects", () => {
  test.each([
    ["binary", Buffer.from("abc\0def")],
    ["binary", Buffer.concat([Buffer.alloc(9000, 97), Buffer.from([0])])],
    ["binary", Buffer.from([0xff, 0xfe, 0x61, 0x00, 0x00, 0x00])],
    ["encoding", Buffer.from([0xff, 0xfe, 0x61])],
    ["encoding", Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x61, 0x00])],
    ["encoding", iconv.encode("これは日本語の文章です。漢字とかなが混ざっています。".repeat(5), "shift_jis")],
    ["binary", Buffer.from(Array.from({ length: 4000 }, (_, at) => 1 + ((at * 37) % 255)))],
  ])("%s", (rule, content) => {
    expect(decode(content)).toMatchObject({ kind: "reject", rule });
  });
});
