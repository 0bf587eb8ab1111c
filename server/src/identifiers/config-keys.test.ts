import { describe, expect, it } from "vitest";
import { readTerms } from "./extract-terms";

function paths(text: string, language: string): (string | undefined)[] {
  const { terms } = readTerms(text, language);
  for (const { term, start, end } of terms) expect(text.slice(start, end)).toBe(term);
  return terms.map(({ keyPath }) => keyPath);
}

describe("paths of keys", () => {
  it.each([
    [
      "json",
      '{"services": {"web": [{"image": 1}, {"image": 2}]}, "other": 3}',
      ["services", "services.web", "services.web.image", "services.web.image", "other"],
    ],
    ["jsonc", "// c\n{ outer: { 'x': 1, inner: [1, 2,], }, }", ["outer", "outer.inner"]],
    [
      "yaml",
      "outer:\n  inner: {deep: 1}\n  list:\n    - item: 1\n---\nsecond: 2\n",
      ["outer", "outer.inner", "outer.inner.deep", "outer.list", "outer.list.item", "second"],
    ],
    [
      "yaml",
      "base: &anchor\n  one_key: 1\nother:\n  <<: *anchor\n  text: |\n    not_a: key\n",
      ["base", "base.one_key", "other", "other.text"],
    ],
    [
      "toml",
      "[tool.ruff]\nline-length = 1\n[[bin]]\nname.first = { given = 'x', list = [{ inner = 1 }] }\n",
      [
        "tool",
        "tool.ruff",
        "tool.ruff.line-length",
        "bin",
        "bin.name",
        "bin.name.first",
        "bin.name.first.given",
        "bin.name.first.list",
        "bin.name.first.list.inner",
      ],
    ],
    ["toml", 'text = """\nno_key = 1\n"""\nlist = [\n  "a", # b\n  "c",\n]\nlast = 1979-05-27T07:32:00Z\n', ["text", "list", "last"]],
    [
      "ini",
      "[core section]\neditor_path = a\nspring.datasource.url=x\\\n  more=1\nlast: 2\n",
      [
        "core section",
        "core section.editor_path",
        "core section.spring",
        "core section.spring.datasource",
        "core section.spring.datasource.url",
        "core section.last",
      ],
    ],
    ["dotenv", "export API_URL=x\nKEY_TEXT=\"a\nNOT_KEY=b\"\nLAST_ONE='c'\n", ["API_URL", "KEY_TEXT", "LAST_ONE"]],
    ["xml", "<Project a='<'><Group><Item/></Group></Project>", ["Project", "Project.Group", "Project.Group.Item"]],
  ])("of %s", (language, text, expected) => {
    expect(paths(text, language)).toEqual(expected);
    expect(readTerms(text, language).malformed).toBeUndefined();
  });
});

describe("malformed files are counted with their problem, and what can be read is", () => {
  it.each([
    ["json", '{"first": 1, "second": [1, 2', ["first", "second"], "ends inside a list"],
    ["json", '{"first" 1, "second": 2}', ["first", "second"], "without a colon"],
    ["json", '{"first": 1 "second": 2}', ["first"], "comma"],
    ["json", "]", [], "closes nothing"],
    ["yaml", "first: 1\n  second: 2\n", ["first"], "line 1"],
    ["yaml", "first: [1, 2\nsecond: 3\n", ["first"], "line"],
    ["yaml", "first:\n\tsecond: 1\nthird: 3\n", ["first", "third"], "line"],
    ["toml", "first = 1\nsecond\nthird = 2\n", ["first", "second", "third"], "line 2"],
    ["toml", "first = \n[table\nlast = 1\n", ["first", "table", "last"], "line"],
    ["ini", "[section\nfirst_key = 1\n=2\n", ["section", "first_key"], "line 1"],
    ["dotenv", "FIRST=1\nnot a pair\nLAST=2\n", ["FIRST", "LAST"], "line 2"],
    ["xml", "<first><second></first>", ["first", "second"], "closes nothing"],
  ])("%s: %s", (language, text, expected, problem) => {
    const { terms, malformed } = readTerms(text, language);
    expect(terms.map(({ term }) => term)).toEqual(expect.arrayContaining(expected));
    expect(malformed).toContain(problem);
  });

  it.each(["json", "yaml", "toml", "ini", "dotenv", "xml"])("%s that is nested very deeply, broken off or noise ends", (language) => {
    const deep = {
      json: '{"abc":'.repeat(60_000),
      yaml: "[".repeat(30_000),
      toml: `abc = ${"[".repeat(60_000)}`,
      xml: "<abc>".repeat(60_000),
    };
    const texts = [deep[language as keyof typeof deep] ?? "[".repeat(60_000), "\u0000\ufffd{}[]:=\"'\n".repeat(2000), "a".repeat(500_000)];
    const sample = '[tool.ruff]\n{"alpha": {"beta": [1, "x"]}}\nkey-name: "va\\"lue" # c\n<a b="c">d</a>\n';
    for (const text of texts) readTerms(text, language);
    for (let length = 0; length < sample.length; length++) readTerms(sample.slice(0, length), language);
    expect(readTerms(deep[language as keyof typeof deep] ?? "[abc", language).malformed).toBeDefined();
  });
});
