import { expect, test } from "vitest";
import { loadTokenizer } from "../tokenizer";
import { editedLines } from "./edited-lines";

const tokenizer = await loadTokenizer("tiktoken:o200k_base");

function versions(before: string, after: string): ReturnType<typeof editedLines> {
  const version = (text: string) => ({ text, encoding: tokenizer.encodeWithOffsets(text, { special: "ordinary" }) });
  return editedLines(version(before), version(after));
}

test("nothing changed, nothing said", () => {
  expect(versions("a\nb\n", "a\nb\n")).toEqual([]);
});

test("two changed places are told apart, and the differences add up to that of the whole text", () => {
  const before = "const a = 1;\nconst b = 2;\nconst c = 3;\nconst d = 4;\nconst e = 5;\n";
  const after = "const retryQueueDepthOfTheWarehouse = 1;\nconst b = 2;\nconst c = 3;\nconst d = 4;\nconst e = 5;\nconst f = 6;\n";
  const parts = versions(before, after);
  expect(parts).toMatchObject([
    { line: 0, lines: 1 },
    { line: 5, lines: 1, before: 0 },
  ]);
  const whole = tokenizer.encode(after).length - tokenizer.encode(before).length;
  expect(parts.reduce((total, part) => total + part.after - part.before, 0)).toBe(whole);
});

test("removed lines are a part without lines of its own", () => {
  expect(versions("a\nb\nc\n", "a\nc\n")).toMatchObject([{ line: 1, lines: 0, after: 0 }]);
});

test("a text that has nothing in common is one part, in bounded work", () => {
  const lines = (word: string): string => Array.from({ length: 5000 }, (_, index) => `${word}${index}`).join("\n");
  expect(versions(lines("a"), lines("b"))).toMatchObject([{ line: 0, lines: 5000 }]);
});
