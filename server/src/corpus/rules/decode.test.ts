import { describe, expect, test } from "vitest";
import iconv from "iconv-lite";
import { decode, lineEndsOf } from "./decode";

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

describe("wide encodings", () => {
  const text = "größe = \u{1f600}\n";
  test.each([
    ["utf-32le", Buffer.concat([Buffer.from([0xff, 0xfe, 0, 0]), iconv.encode(text, "utf-32le")]), undefined],
    ["utf-32be", Buffer.concat([Buffer.from([0, 0, 0xfe, 0xff]), iconv.encode(text, "utf-32be")]), undefined],
    ["utf-16le", Buffer.from(text, "utf16le"), "UTF-16LE"],
    ["utf-16be", Buffer.from(text, "utf16le").swap16(), "UTF-16BE"],
    ["utf-32le", iconv.encode(text, "utf-32le"), "UTF-32"],
  ])("%s, declared %s", (encoding, content, declared) => {
    expect(textOf(content, declared)).toEqual({ text, encoding, bytes: content.length });
  });

  test("an attribute that the bytes belie is not believed", () => {
    expect(textOf(Buffer.from("plain"), "UTF-16LE")).toMatchObject({ text: "plain", encoding: "utf-8" });
  });
});

describe("legacy encodings of East Asia", () => {
  const japanese = "これは日本語の文章です。漢字とかなが混ざっています。\n".repeat(5);
  const korean = "이 문서는 한국어로 쓰여 있으며 설정 방법을 설명합니다. 먼저 파일을 엽니다.\n".repeat(5);
  const simplified = "这个文件说明如何配置服务器，以及在出现错误的时候应该怎么办。请先阅读这一节。\n".repeat(5);
  test.each([
    ["shift_jis", japanese],
    ["euc-jp", japanese],
    ["euc-kr", korean],
    ["gb18030", simplified],
  ])("%s is recognised without a declaration when it is beyond doubt", (encoding, text) => {
    const content = iconv.encode(text, encoding);
    expect(textOf(content)).toEqual({ text, encoding, bytes: content.length });
  });

  test("two foreign characters are not enough to be sure", () => {
    expect(decode(iconv.encode("name = '日本'\n", "shift_jis"))).not.toMatchObject({ encoding: "shift_jis" });
  });

  test.each([
    ["# -*- coding: sjis-dos -*-\nx = '日本'\n", "sjis"],
    ["x = '日本'\n# vim: set fileencoding=euc-jp :\n", "euc-jp"],
    ["// vim: fenc=gbk\nx = '中文';\n", "gbk"],
  ])("%j is declared", (text, encoding) => {
    expect(textOf(iconv.encode(text, encoding)).text).toBe(text);
  });
});

test("line ends are told apart", () => {
  expect(["a\nb", "a\r\nb\r\n", "a\rb", "a\r\nb\n", "a"].map(lineEndsOf)).toEqual(["lf", "crlf", "cr", "mixed", "lf"]);
});

describe("rejects", () => {
  test.each([
    ["binary", Buffer.from("abc\0def")],
    ["binary", Buffer.concat([Buffer.alloc(9000, 97), Buffer.from([0])])],
    ["binary", Buffer.from([0xff, 0xfe, 0x61, 0x00, 0x00, 0x00])],
    ["binary", Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0, 0, 0, 0, 0])],
    ["encoding", Buffer.from([0x61, 0xed, 0xa0, 0x80, 0x62])],
    ["encoding", Buffer.from([0xff, 0xfe, 0x61])],
    ["encoding", Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x61, 0x00])],
    ["encoding", Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0])],
    ["encoding", iconv.encode("Это небольшая проверка кодировки, и она не объявлена.".repeat(5), "koi8-r")],
    ["binary", Buffer.from(Array.from({ length: 4000 }, (_, at) => 1 + ((at * 37) % 255)))],
  ])("%s", (rule, content) => {
    expect(decode(content)).toMatchObject({ kind: "reject", rule });
  });
});
