import { expect, test } from "vitest";
import { qualitySignals } from "./quality-signals";

test("signals name what published pipelines would drop, by class", () => {
  expect(qualitySignals("export function queueOf(name) {\n  return queues.get(name) ?? open(name);\n}\n", "javascript", "source")).toEqual(
    [],
  );
  expect(qualitySignals("x = [" + "12, 345, ".repeat(300) + "]\n", "python", "source")).toEqual(
    expect.arrayContaining(["long-lines", "few-letters", "many-digits"]),
  );
  expect(qualitySignals("# note on this one\n".repeat(60), "python", "source")).toEqual(["mostly-comments", "repetitive-lines"]);
  expect(qualitySignals("# TODO: write it\nimport os\n".repeat(3), "python", "source")).toContain("todo-heavy");
  const paragraph = `${"A paragraph on one line, as people write them in documents. ".repeat(8)}\n\n`;
  expect(qualitySignals(paragraph, "markdown", "source")).toContain("long-lines");
  expect(qualitySignals(paragraph, "markdown", "documentation")).not.toContain("long-lines");
});
