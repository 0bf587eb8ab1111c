import { expect, test } from "vitest";
import { seededRandom } from "../../platform/random";
import { ValueSearch } from "./value-search";

function scanned(values: readonly string[], text: string): string[] {
  const hits: string[] = [];
  new ValueSearch(values).scan(text, (value, start) => hits.push(`${value}@${start}`));
  return hits.sort();
}

test("agrees with a search for each value on random texts, wide characters included", () => {
  const random = seededRandom("value-search");
  for (let round = 0; round < 300; round++) {
    const string = (length: number): string => Array.from({ length }, () => random.pick(["a", "b", "š", "é"])).join("");
    const values = [...new Set(Array.from({ length: 5 }, () => string(4 + random.int(5))))];
    const text = string(200);
    const expected = values
      .flatMap((value) =>
        Array.from(text, (_, at) => at)
          .filter((at) => text.startsWith(value, at))
          .map((at) => `${value}@${at}`),
      )
      .sort();
    expect(scanned(values, text)).toEqual(expected);
  }
});

test("finds thousands of values where they stand", () => {
  const random = seededRandom("many-values");
  const values = Array.from({ length: 5000 }, () => `tok_${Array.from({ length: 20 }, () => random.int(36).toString(36)).join("")}`);
  const wanted = values.filter((_, index) => index % 500 === 0);
  expect(scanned(values, `x ${wanted.join(" and\n")} y`)).toHaveLength(wanted.length);
});

test("no value, no hit", () => {
  expect(scanned([], "anything")).toEqual([]);
  expect(scanned(["longer than the text"], "short")).toEqual([]);
});
