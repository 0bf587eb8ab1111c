import { describe, expect, test } from "vitest";
import { seededRandom } from "../../platform/random";
import { findSensitive, type Finding } from "./sensitive-scan";

const pieces = [
  ..."aZ09 \n\t\"'`\\=:;,.@/-_+<>{}()[]$%#é漢\0",
  "password",
  "token",
  "api_key",
  "secret",
  "Bearer ",
  "://",
  "-----BEGIN PRIVATE KEY-----",
  "-----END PRIVATE KEY-----",
  "AKIAQWERTYUIOP234567",
  "q8Jd02mXz7Lp4Rt6Vb1NcW5y",
  "curl -u a:",
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.",
  "10.20.30.40",
  "maria@company.io",
  "/home/mlopez/",
  '"kty"',
  '"d":"',
  "\n  value: ",
  "#define ",
] as const;

function mixed(seed: string, length: number): string {
  const random = seededRandom("sensitive", seed);
  return Array.from({ length }, () => random.pick(pieces)).join("");
}

describe("whatever the text", () => {
  test("findings lie in it, in order, apart", () => {
    for (let round = 0; round < 1000; round++) {
      const text = mixed(`order-${round}`, 60);
      let last = 0;
      for (const { start, end } of findSensitive(text, round % 2 === 0 ? "yaml" : "c")) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThan(start);
        last = end;
      }
      expect(last).toBeLessThanOrEqual(text.length);
    }
  });

  test("what is far away changes nothing, so each place costs no more in a longer text", () => {
    const filler = "so it goes.\n".repeat(7000);
    const shape = (findings: readonly Finding[], by: number): string[] =>
      findings.map(({ rule, start, end }) => `${rule} ${start - by} ${end - by}`);
    for (let round = 0; round < 60; round++) {
      const text = mixed(`far-${round}`, 50);
      expect(shape(findSensitive(`\n${filler}${text}\n${filler}`, "yaml"), filler.length + 1)).toEqual(
        shape(findSensitive(`\n${text}\n`, "yaml"), 1),
      );
    }
  });
});
