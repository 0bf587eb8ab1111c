import { gunzipSync, inflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { seededRandom, type Random } from "../../platform/random";
import { textKernel, type Deflated } from "../kernel/text-kernel";
import { ByteWriter, gzipLines } from "./gzip-parts";
import { lastBlock, packText, unpackText } from "./packed-text";

function deflated(text: string): Deflated {
  textKernel().loadText(text);
  const { bytes, length, crc } = textKernel().deflated();
  return { bytes: bytes.slice(), length, crc };
}

function inflated({ bytes }: Deflated): string {
  return inflateRawSync(Buffer.concat([bytes, lastBlock])).toString("utf8");
}

/** Texts of every temper: few letters or many, repeated from near and from far, noise that cannot be compressed. */
function drawnText(random: Random, length: number): string {
  const letters = random.pick(["a", "ab", "etaoin shrdlu\n", "0123456789abcdef", String.fromCodePoint(...Array(600).keys())]);
  let text = "";
  while (text.length < length) {
    const from = Math.floor(random.float() * text.length);
    if (random.float() < 0.4) text += text.slice(from, from + Math.floor(random.float() * 400));
    else
      text += Array.from({ length: 1 + Math.floor(random.float() * 40) }, () => letters[Math.floor(random.float() * letters.length)]).join(
        "",
      );
  }
  return text.slice(0, length);
}

describe("deflate of the kernel", () => {
  it("is read by zlib, whatever the text", () => {
    const random = seededRandom(11);
    for (let round = 0; round < 100; round++) {
      const text = drawnText(random, Math.floor(random.float() ** 4 * 200_000));
      expect(inflated(deflated(text)) === text).toBe(true);
    }
  });

  it("handles the edges: nothing, one byte, the longest match, the farthest distance, blocks of literals alone", () => {
    const noise = Array.from({ length: 32_768 }, (_, at) => String.fromCharCode(33 + ((at * 7919 + (at >> 3) * 104_729) % 90))).join("");
    const random = seededRandom(12);
    const wild = Array.from({ length: 100_000 }, () => String.fromCharCode(Math.floor(random.float() * 128))).join("");
    const edges = ["", "x", "abc", "x".repeat(258 + 4), "x".repeat(300_000), `${noise}${noise}`, `${noise}!${noise}`, wild, wild.repeat(3)];
    for (const text of edges) expect(inflated(deflated(text)) === text).toBe(true);
  });

  it("gives the same bytes for the same text, whatever came before", () => {
    const random = seededRandom(13);
    const text = drawnText(random, 50_000);
    const first = Buffer.from(deflated(text).bytes);
    for (let round = 0; round < 20; round++) {
      deflated(drawnText(random, 40_000));
      deflated(text.slice(round));
      expect(first.equals(deflated(text).bytes)).toBe(true);
    }
    deflated("y".repeat(9 << 20));
    expect(first.equals(deflated(text).bytes)).toBe(true);
  });

  it("is about as small as the fastest level of zlib", () => {
    const text = JSON.stringify(Array.from({ length: 3000 }, (_, at) => ({ name: `field_${at % 97}`, value: at * 31, kind: "number" })));
    expect(deflated(text).bytes.length).toBeLessThan(text.length / 5);
  });
});

describe("lines as a gzip file", () => {
  it("are one member with the right check, behind others", () => {
    const random = seededRandom(14);
    const out = new ByteWriter();
    let all = "";
    for (const count of [0, 1, 2, 40]) {
      const texts = Array.from({ length: count }, () => drawnText(random, Math.floor(random.float() ** 2 * 5_000)));
      const start = out.length;
      gzipLines(
        texts.map((text, at) => ({ head: `{"${at}":`, text: () => packText(text), tail: "}\n" })),
        out,
      );
      const expected = texts.map((text, at) => `{"${at}":${JSON.stringify(text)}}\n`).join("");
      expect(gunzipSync(out.bytes.subarray(start)).toString("utf8")).toBe(expected);
      all += expected;
    }
    expect(gunzipSync(out.bytes).toString("utf8")).toBe(all);
  });

  it("hold packed texts, which come back", () => {
    const texts = ["", "plain", 'quote " and \\ and\n\u0001', "日本 😀 é".repeat(500)];
    expect(texts.map(packText).map(unpackText)).toEqual(texts);
  });
});
