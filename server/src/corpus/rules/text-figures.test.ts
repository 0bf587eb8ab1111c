import { expect, test } from "vitest";
import { seededRandom } from "../../platform/random";
import { longLine, measureText } from "./text-figures";

/** The same figures, one by one and slowly. */
function slowFigures(text: string): Omit<ReturnType<typeof measureText>, "encoded" | "longestEncoded"> {
  const lengths = text.split("\n").map((line) => line.length);
  const words = text.match(/[A-Za-z0-9_\u0080-\uffff]+/g) ?? [];
  return {
    length: text.length,
    lines: lengths.length,
    longestLine: Math.max(...lengths),
    inLongLines: lengths.filter((length) => length > longLine).reduce((sum, length) => sum + length, 0),
    letters: text.match(/[A-Za-z\u0080-\uffff]/g)?.length ?? 0,
    digits: text.match(/\d/g)?.length ?? 0,
    visible: text.replace(/[ \t\n\v\f\r]/g, "").length,
    words: words.length,
    numbers: words.filter((word) => /^\d/.test(word)).length,
  };
}

const pieces = [
  "a",
  "Zebra",
  "_x9",
  "0x1f",
  "42",
  " ",
  "  ",
  "\n",
  "\t",
  ";",
  "=",
  "+/",
  "{",
  "}\r\n",
  "/* note */",
  "x".repeat(320),
  "9_",
  "\u00e9",
  "\u6f22",
];

test("figures are those of a slow count, for ASCII and for other text, of every length", () => {
  const random = seededRandom("figures");
  for (let round = 0; round < 300; round++) {
    const usable = round % 2 === 0 ? pieces.slice(0, -2) : pieces;
    const text = Array.from({ length: 1 + random.int(round < 280 ? 60 : 4000) }, () => random.pick(usable)).join("");
    expect(measureText(text)).toMatchObject(slowFigures(text));
  }
});

test("runs of base64 and hex count wherever they start and end", () => {
  const run = "aGVsbG8gd29ybGQgMTIzNDU2Nzg5MCBhYmNkZWZnaGlqa2";
  for (const before of ["", "x ", "xx "]) {
    for (const length of [39, 40, 41, 46]) {
      for (const after of ["", " ", ";\n", " \u00e9"]) {
        const { encoded, longestEncoded } = measureText(before + run.slice(0, length) + after);
        expect([length, encoded, longestEncoded]).toEqual(length < 40 ? [length, 0, 0] : [length, length, length]);
      }
    }
  }
  expect(
    measureText("a_long_function_name_without_any_digit_in_it_at_all(AnotherOneThatIsLongTooAndHasNoDigitsAtAllInsideOfIt)").encoded,
  ).toBe(0);
});

test("lines that end with CR alone are lines", () => {
  expect(measureText("a\rb\rc").lines).toBe(3);
});
