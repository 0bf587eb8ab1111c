import { applyEdits, parse } from "jsonc-parser";
import picomatch from "picomatch";
import { describe, expect, it } from "vitest";
import { configurationEdit, configurationTemplate, globOf, type ConfigurationChange } from "./corpus-config-edit";

const file = "midtrain.jsonc";

function edited(text: string, ...changes: readonly ConfigurationChange[]): string {
  return changes.reduce((before, change) => applyEdits(before, [...configurationEdit(before, change, file).edits]), text);
}

describe("edits of midtrain.jsonc", () => {
  it("start a new file with its schema line", () => {
    expect(edited("", { kind: "include", path: "src/a.ts" })).toBe(
      '{\n  "$schema": "./.midtrain/midtrain.schema.json",\n  "corpus": {\n    "include": ["src/a.ts"]\n  }\n}\n',
    );
    expect(configurationTemplate).toContain("$schema");
  });

  it("keep comments where they stand and the style of the file", () => {
    const before =
      '// who reads this\n{\n\t"risk": "careful", // be careful\n\t"corpus": {\n\t\t"include": [\n\t\t\t"a/**", // all of a\n\t\t\t"b/**" // and b\n\t\t] // end of list\n\t}\n}\n';
    expect(edited(before, { kind: "include", path: "c.ts" })).toBe(
      '// who reads this\n{\n\t"risk": "careful", // be careful\n\t"corpus": {\n\t\t"include": [\n\t\t\t"a/**", // all of a\n\t\t\t"b/**", // and b\n\t\t\t"c.ts"\n\t\t] // end of list\n\t}\n}\n',
    );
    expect(edited(before, { kind: "exclude", path: "gen/" })).toBe(
      before.replace("] // end of list\n", '], // end of list\n\t\t"exclude": ["gen/**"]\n'),
    );
  });

  it("keep trailing commas, Windows line ends and lists on one line", () => {
    expect(edited('{\r\n  "corpus": {\r\n    "exclude": ["x"],\r\n  },\r\n}\r\n', { kind: "exclude", path: "y" })).toBe(
      '{\r\n  "corpus": {\r\n    "exclude": ["x", "y"],\r\n  },\r\n}\r\n',
    );
    expect(edited('{\r\n  "corpus": {\r\n    "exclude": ["x"],\r\n  },\r\n}\r\n', { kind: "rule-off", rule: "generated" })).toBe(
      '{\r\n  "corpus": {\r\n    "exclude": ["x"],\r\n    "rulesOff": ["generated"],\r\n  },\r\n}\r\n',
    );
    expect(edited('{ "corpus": { } }', { kind: "limit", bytes: 5 })).toMatch(/"maxFileBytes": 5/);
    expect(edited('{"corpus":{"include":[]}}', { kind: "include", path: "a" })).toBe('{"corpus":{"include":["a"]}}');
  });

  it("take a path out of the opposite list, and write nothing that is there already", () => {
    const excluded = edited("{}", { kind: "exclude", path: "a.ts" });
    const included = edited(excluded, { kind: "include", path: "a.ts" });
    expect(parse(included)).toMatchObject({ corpus: { include: ["a.ts"], exclude: [] } });
    expect(configurationEdit(included, { kind: "include", path: "a.ts" }, file)).toEqual({
      edits: [],
      words: "midtrain.jsonc says so already.",
    });
  });

  it("merge class and language of the last entry, and repeat an entry that others follow", () => {
    const once = edited(
      "{}",
      { kind: "class", path: "a.txt", class: "runbook" },
      { kind: "language", path: "a.txt", language: "markdown" },
    );
    expect(parse(once)).toEqual({ corpus: { reclassify: [{ path: "a.txt", class: "runbook", language: "markdown" }] } });
    const between = edited(once, { kind: "class", path: "b.txt", class: "test" }, { kind: "class", path: "a.txt", class: "source" });
    expect((parse(between) as { corpus: { reclassify: unknown[] } }).corpus.reclassify).toEqual([
      { path: "a.txt", class: "runbook", language: "markdown" },
      { path: "b.txt", class: "test" },
      { path: "a.txt", class: "source" },
    ]);
    expect(parse(edited(between, { kind: "class", path: "a.txt", class: "test" }))).toMatchObject({
      corpus: { reclassify: { length: 3, 2: { class: "test" } } },
    });
  });

  it("name findings by rule and path, or by rule and salted hash", () => {
    const text = edited(
      "{}",
      { kind: "allow-path", rule: "aws-key", path: "docs/[id].md" },
      { kind: "allow-hash", rule: "aws-key", hash: "0123456789abcdef:0123456789abcdef" },
    );
    expect(parse(text)).toEqual({
      corpus: {
        allow: [
          { rule: "aws-key", path: "docs/\\[id\\].md" },
          { rule: "aws-key", hash: "0123456789abcdef:0123456789abcdef" },
        ],
      },
    });
  });

  it("refuse a file that is not legal, with its line", () => {
    expect(() => configurationEdit('{\n  "corpus": {\n', { kind: "include", path: "a" }, file)).toThrow(/Not valid JSON/);
    expect(() => configurationEdit('{ "corpus": 3 }', { kind: "include", path: "a" }, file)).toThrow(/not legal/);
  });

  it("escape what a glob would read otherwise", () => {
    for (const path of ["app/[id]/page.tsx", "a (copy).ts", "x{1,2}.c", "!not.md", "a*b?.txt", "back\\slash", "+page@1|2.js"]) {
      expect(picomatch(globOf(path), { dot: true, nonegate: true })(path)).toBe(true);
      expect(picomatch(globOf(path), { dot: true, nonegate: true })(`${path}x`)).toBe(false);
    }
    expect(picomatch(globOf("gen/"), { dot: true })("gen/a/b.ts")).toBe(true);
  });
});
