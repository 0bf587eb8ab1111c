import { describe, expect, it } from "vitest";
import { extractTerms } from "./extract-terms";

/** "term:kind" of every occurrence. */
function terms(text: string, language: string): string[] {
  const found = extractTerms(text, language);
  for (const { term, start, end } of found) expect(text.slice(start, end)).toBe(term);
  for (let i = 1; i < found.length; i++) expect(found[i]!.start).toBeGreaterThanOrEqual(found[i - 1]!.end);
  return found.map(({ term, kind }) => `${term}:${kind}`);
}

function names(text: string, language: string): string[] {
  return extractTerms(text, language).map(({ term }) => term);
}

describe("kinds", () => {
  it("tells constants, types, api names, paths and identifiers apart", () => {
    const text =
      'import { readAll } from "./core/queue-store";\nclass retryQueue extends BaseQueue {}\nconst depth = client.fetchAll(MAX_RETRIES, depth);';
    expect(terms(text, "typescript")).toEqual([
      "readAll:identifier",
      "./core/queue-store:path",
      "retryQueue:type",
      "BaseQueue:type",
      "depth:identifier",
      "client:identifier",
      "fetchAll:api-name",
      "MAX_RETRIES:constant",
      "depth:identifier",
    ]);
  });

  it("knows member calls of C++, Rust and with type arguments", () => {
    expect(terms("queue->pushBack(item); std::moveItem(item); list.castTo<int>(item);", "cpp")).toContain("pushBack:api-name");
    expect(terms("Queue::with_depth(8); items.collect_all::<Vec<u8>>();", "rust")).toEqual([
      "Queue:type",
      "with_depth:api-name",
      "items:identifier",
      "collect_all:api-name",
      "Vec:type",
    ]);
    expect(terms("list.castTo<int>(item);", "cpp")).toContain("castTo:api-name");
  });

  it.each([
    ["python", "compute_depth(value)", ["compute_depth:api-name", "value:identifier"]],
    ["python", "def read_all(self):\n  pass\ndef _read_part(x): pass", ["read_all:api-name", "_read_part:identifier"]],
    [
      "javascript",
      "[...spreadItems(value)]; function innerPart() {}",
      ["spreadItems:api-name", "value:identifier", "innerPart:identifier"],
    ],
    ["typescript", "export function readAll() {}\nexport const maxDepth = 1;", ["readAll:api-name", "maxDepth:api-name"]],
    ["typescript", "const queue = new RetryQueue(depth);", ["queue:identifier", "RetryQueue:type", "depth:identifier"]],
    ["go", "func ReadAll() {}\nfunc readPart() {}\nx := Convert(y)", ["ReadAll:api-name", "readPart:identifier", "Convert:api-name"]],
    [
      "rust",
      "pub fn read_all() {}\nfn read_part() { assert_same!(one) }",
      ["read_all:api-name", "read_part:identifier", "assert_same:api-name", "one:identifier"],
    ],
    [
      "c",
      "static int read_part(struct list *head);\nint read_all(void) { return read_part(0); }",
      ["read_part:identifier", "list:type", "head:identifier", "read_all:api-name", "read_part:api-name"],
    ],
    [
      "java",
      "public Queue makeQueue() { return helper(); }\nprivate int innerPart() {}",
      ["Queue:type", "makeQueue:api-name", "helper:api-name", "innerPart:identifier"],
    ],
  ])("takes what is called or exported for API names: %s %s", (language, text, expected) => {
    expect(terms(text, language)).toEqual(expected);
  });

  it("knows names of services in strings, Compose files and keys", () => {
    expect(terms('connect("pmt-svc"); connect("plain-words")', "go")).toEqual(["connect:api-name", "pmt-svc:service", "connect:api-name"]);
    expect(terms("services:\n  ledger:\n    image: x\n", "yaml")).toEqual(["services:config-key", "ledger:service", "image:config-key"]);
    expect(terms("auth-api:\n  url: x\n", "yaml")).toEqual(["auth-api:service", "url:config-key"]);
  });

  it("takes only path-like strings for paths", () => {
    const text =
      'open("src/core/main.c"); open("https://host/x/y"); open("a/b"); open("3/4/2024"); open("text/plain; x"); open("@scope/name/part");';
    expect(names(text, "javascript").filter((term) => term.includes("/"))).toEqual(["src/core/main.c", "@scope/name/part"]);
    expect(terms('#include <sys/types.h>\n#include "util/log.h"\n', "c")).toEqual(["sys/types.h:path", "util/log.h:path"]);
  });
});

describe("what is skipped", () => {
  it.each([
    ["typescript", "// alpha\n/* beta\n gamma */ realName /* delta", ["realName"]],
    ["python", '"""alpha\nbeta""" \n# gamma\nrealName = \'delta\' + "epsilon\\" zeta"', ["realName"]],
    ["go", "s := `alpha\nbeta` // gamma\nrealName := 'x'", ["realName"]],
    ["rust", "fn realName<'lifetime>(x: &'lifetime str) { r#\"alpha \" beta\"#; '\\''; 'q' }", ["realName", "lifetime", "lifetime"]],
    ["csharp", 'var realName = @"alpha "" beta" + $"gamma" + """delta " epsilon""" + \'\\n\';', ["realName"]],
    ["cpp", "auto realName = R\"x(alpha )\" beta)x\" + 1'000'000 + 'z';", ["realName"]],
    ["shellscript", "realName=${#items} # alpha\necho 'beta' \"gamma\n delta\"\nvalue=$#", ["realName", "items", "value"]],
    ["sql", "SELECT real_name FROM items -- alpha\nWHERE state = 'it''s beta' /* gamma */", ["real_name", "items", "state"]],
    ["lua", "--[==[ alpha ]] beta ]==] realName = [[gamma]] -- delta", ["realName"]],
    ["haskell", "{- alpha -} realName' = 'c' -- beta\n  where other = \"gamma\"", ["realName'", "other"]],
    ["ruby", "=begin\nalpha\n=end\nreal_name = 'beta' # gamma", ["real_name"]],
    ["php", "<?php // alpha\n# beta\n#[Attribute]\n$realName = 'gamma\ndelta';", ["Attribute", "realName"]],
    ["lisp", '; alpha\n#| beta |# (real-name "gamma\ndelta")', ["real-name"]],
    ["ocaml", "(* alpha *) let real_name = 'x'", ["real_name"]],
    ["css", "/* alpha */ .menu-item { color: #ffaa00; --main-size: 3px }", ["menu-item", "main-size"]],
    ["powershell", "<# alpha\n beta #> $realName = 'gamma' # delta", ["realName"]],
  ])("comments and strings of %s", (language, text, expected) => {
    expect(names(text, language)).toEqual(expected);
  });

  it("reads the expressions inside JavaScript templates, nested, and passes over regular expressions", () => {
    const text =
      "const label = `alpha ${firstName + `beta ${innerName}` + { keyName: 1 }.keyName} gamma`; lastName = count / total / 2; m = /delta[/]epsilon'/g.test(lastName);";
    expect(names(text, "javascript")).toEqual([
      "label",
      "firstName",
      "innerName",
      "keyName",
      "keyName",
      "lastName",
      "count",
      "total",
      "test",
      "lastName",
    ]);
  });

  it("keywords of the language, short names, numbers, digests and encoded data", () => {
    expect(names("function ab(x) { return undefined }", "javascript")).toEqual([]);
    expect(names("0xDEADBEEF deadbeef1234 d41d8cd98f00b204e9800998ecf8427e c3RhY2s9MTIzNDU2Nzg5MGFiY2Q x", "c")).toEqual([]);
    expect(names("lambda pass_through", "c")).toEqual(["lambda", "pass_through"]);
    expect(names("SELECT Select sElEcT", "sql")).toEqual([]);
    expect(names("constructor __proto__ hasOwnProperty", "go")).toEqual(["constructor", "__proto__", "hasOwnProperty"]);
  });

  it("keeps names of other scripts whole", () => {
    expect(names("größe = Überschrift + 变量名称 + имя_поля", "python")).toEqual(["größe", "Überschrift", "变量名称", "имя_поля"]);
  });

  it("ends at the end of a text that breaks off anywhere", () => {
    const text = "const a1b = `x ${nameOne + `y ${nameTwo} */ /* \"q' `} z`; /re[/]x/.test(nameThree); // end";
    for (let length = 0; length <= text.length; length++) {
      for (const language of ["javascript", "rust", "python", "shellscript", "cpp", "lua"]) extractTerms(text.slice(0, length), language);
    }
    expect(names(text, "javascript")).toContain("nameThree");
  });

  it("has no terms in prose without code, data and unknown languages", () => {
    expect(names("Some words about retryQueue.", "markdown")).toEqual([]);
    expect(names("alpha,beta\n", "csv")).toEqual([]);
    expect(names("alpha beta", "no-such-language")).toEqual([]);
  });
});

describe("configuration keys", () => {
  it.each([
    ["json", '{"name": "alpha", "nestedPart": {"innerKey": ["beta"], "__proto__": 1}}', ["name", "nestedPart", "innerKey", "__proto__"]],
    ["jsonc", '{ // "alpha": 1\n "realKey": "http://x", bareKey: 2, /* "beta": */ }', ["realKey", "bareKey"]],
    [
      "yaml",
      '# alpha: x\npipelines:\n  web-app:\n    image: beta:1.0\n  steps:\n    - first-key: gamma\n"quoted key": 1\nurl: http://delta',
      ["pipelines", "web-app", "image", "steps", "first-key", "quoted key", "url"],
    ],
    [
      "toml",
      "[tool.ruff.lint]\nselect-rules = ['alpha']\n[[package]]\n\"odd key\" = 1\n# beta = 2",
      ["tool", "ruff", "lint", "select-rules", "package", "odd key"],
    ],
    ["ini", "[core section]\neditor_path = alpha\n; beta = 1\nuser.name: gamma", ["core section", "editor_path", "user", "name"]],
    ["dotenv", "# alpha=1\nexport API_BASE_URL=http://x\nTOKEN_NAME=beta=gamma", ["API_BASE_URL", "TOKEN_NAME"]],
    ["xml", "<!-- <alpha/> --><Project><TargetFramework>net8</TargetFramework></Project>", ["Project", "TargetFramework"]],
  ])("of %s", (language, text, expected) => {
    const found = terms(text, language);
    expect(found).toEqual(expected.map((term) => `${term}:config-key`));
  });
});

describe("code inside other texts", () => {
  it("reads fenced blocks in their language and code spans of Markdown", () => {
    const text = "Call `client.fetchAll()` with words.\n\n```py\ndef retry_depth(self): # alpha\n    pass\n```\n\n~~~\nplainName\n~~~\n";
    expect(names(text, "markdown")).toEqual(["client", "fetchAll", "retry_depth", "plainName"]);
  });

  it("reads scripts and styles of markup", () => {
    const text =
      '<div class="alpha">beta</div>\n<script lang="ts">\nconst realName: Kind = "gamma";\n</script>\n<style>.menu-item {}</style>';
    expect(names(text, "vue")).toEqual(["realName", "Kind", "menu-item"]);
  });
});
