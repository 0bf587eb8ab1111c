import { expect, test } from "vitest";
import { seededRandom } from "../../platform/random";
import { MultiPattern } from "./multi-pattern";

function scanned(literals: readonly string[], text: string, ignoreCase: boolean): string[] {
  const hits: string[] = [];
  new MultiPattern(literals, { ignoreCase }).scan(text, (literal, start) => hits.push(`${literal}@${start}`));
  return hits.sort();
}

function searched(literals: readonly string[], text: string): string[] {
  return literals
    .flatMap((literal, index) =>
      Array.from(text, (_, at) => at)
        .filter((at) => text.startsWith(literal, at))
        .map((at) => `${index}@${at}`),
    )
    .sort();
}

test("finds overlapping literals and literals inside literals", () => {
  expect(scanned(["he", "she", "his", "hers"], "ushers", false)).toEqual(["0@2", "1@1", "3@2"]);
});

test("ignores the case of ASCII letters when asked to", () => {
  expect(scanned(["api_key"], "API_KEY Api_Key", true)).toEqual(["0@0", "0@8"]);
  expect(scanned(["api_key"], "API_KEY", false)).toEqual([]);
});

test("agrees with a search for each literal on random texts", () => {
  const random = seededRandom("multi-pattern");
  for (let round = 0; round < 200; round++) {
    const string = (length: number): string => Array.from({ length }, () => random.pick(["a", "b", "c", "é"])).join("");
    const literals = [...new Set(Array.from({ length: 6 }, () => string(1 + random.int(4))))];
    const text = string(60);
    expect(scanned(literals, text, false)).toEqual(searched(literals, text));
  }
});
