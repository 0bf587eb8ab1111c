import { describe, expect, it } from "vitest";
import { generateFormatDocuments } from "./format-documents";
import { suiteSlots } from "./format-slots-suite";
import { trainSlots } from "./format-slots-train";
import { formatItems } from "./format-suite";
import { formatKinds } from "./format-types";

const items = formatItems();
const ofKind = (...kinds: readonly string[]) => items.filter((item) => kinds.includes(item.id.split("/")[1]!));
const damageOf = (item: { id: string }): string => item.id.split("/").at(-2)!;
const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

describe("format items", () => {
  it("hold 36 of each kind, half with a broken form and half with wrong content", () => {
    for (const kind of formatKinds) {
      const some = ofKind(kind);
      expect(some).toHaveLength(36);
      expect(some.filter((item) => damageOf(item) === "form")).toHaveLength(18);
    }
  });

  it("end the context where the assistant speaks and the answer where it stops", () => {
    for (const item of items) {
      expect(item.context).toMatch(/\nAssistant:$/);
      expect(item.right).toMatch(item.id.startsWith("formats/stop/") ? /\nUser:$/ : /\n$/);
    }
  });

  it("are valid JSON where right, no JSON where the form is broken, and another value where the content is wrong", () => {
    for (const item of ofKind("json", "tool-call")) {
      const right = parse(item.right);
      expect(right).toBeTypeOf("object");
      const wrong = parse(item.wrong[0]!);
      if (damageOf(item) === "form") expect(wrong, item.id).toBeUndefined();
      else expect(wrong, item.id).toBeTypeOf("object");
      expect(wrong).not.toEqual(right);
    }
  });

  it("call the tool that was asked for with the arguments it takes", () => {
    for (const item of ofKind("tool-call")) {
      const call = parse(item.right) as { tool: string; arguments: Record<string, unknown> };
      expect(item.context).toContain(`${call.tool}(${Object.keys(call.arguments).join(", ")})`);
      for (const value of Object.values(call.arguments)) expect(item.context).toContain(String(value));
    }
  });

  it("hold rectangular CSV and markdown tables and closed code fences where right", () => {
    for (const item of ofKind("csv", "table")) {
      const separator = item.id.includes("/csv/") ? "," : "|";
      const widths = new Set(
        item.right
          .trim()
          .split("\n")
          .map((line) => line.split(separator).length),
      );
      expect(widths.size, item.right).toBe(1);
    }
    for (const item of ofKind("table")) expect(item.right.split("\n")[2]).toMatch(/^\|( --- \|)+$/);
    const fenced = /^\n```\w+\n[^`]+\n```\n$/;
    for (const item of ofKind("code")) {
      expect(item.right).toMatch(fenced);
      if (damageOf(item) === "form") expect(item.wrong[0]).not.toMatch(fenced);
    }
  });

  it("answer yes or no about as often, and numbers with digits only", () => {
    const yes = ofKind("yes-no").filter((item) => item.right === " yes\n").length;
    expect(yes).toBeGreaterThan(9);
    expect(yes).toBeLessThan(27);
    for (const item of ofKind("number")) expect(item.right).toMatch(/^ \d+\n$/);
    for (const item of ofKind("number").filter((item) => damageOf(item) === "content")) expect(item.wrong[0]).toMatch(/^ \d+\n$/);
  });
});

describe("format documents", () => {
  const documents = formatKinds.flatMap((kind) => [...generateFormatDocuments({ seed: "test", kind, count: 400 })]);
  const text = documents.join("\n");
  const occurs = (slot: string): boolean => new RegExp(`(?<!\\w)${slot.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?!\\w)`, "i").test(text);

  it("share no word, tool, line of code or request with the suite", () => {
    const words = Object.values(suiteSlots.words).flat();
    const tools = suiteSlots.tools.map((tool) => tool.name);
    const lines = suiteSlots.code.map((entry) => entry.line);
    expect([...words, ...tools, ...lines].filter(occurs)).toEqual([]);
    expect(items.filter((item) => text.includes(item.context))).toEqual([]);
  });

  it("cover their own slots", () => {
    expect(trainSlots.tools.filter((tool) => !occurs(tool.name))).toEqual([]);
    const names = trainSlots.words.name;
    expect(names.filter(occurs).length).toBeGreaterThan(names.length * 0.9);
  });

  it("are whole dialogues, varied, and the same for the same seed", () => {
    for (const document of documents) {
      expect(document).toMatch(/^(User|Tools): /);
      expect(document).toMatch(/\n$/);
      expect(document.match(/^User: /gm)?.length).toBe(document.match(/^Assistant:/gm)?.length);
    }
    expect(new Set(documents).size).toBeGreaterThan(documents.length * 0.85);
    const some = [...generateFormatDocuments({ seed: "test", kind: "json", count: 5 })];
    expect(some).toEqual(documents.slice(0, 5));
    expect(some).not.toEqual([...generateFormatDocuments({ seed: "other", kind: "json", count: 5 })]);
  });
});
