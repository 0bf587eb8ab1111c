import { describe, expect, it } from "vitest";
import { extractTerms } from "./extract-terms";
import { grammarKinds } from "./grammar-kinds";

async function kinds(text: string, language: string): Promise<string[] | undefined> {
  const terms = extractTerms(text, language);
  return (await grammarKinds(text, language, terms))?.map((kind, index) => `${terms[index]!.term}:${kind}`);
}

describe("kinds by the syntax tree", () => {
  it.each([
    [
      "typescript",
      "export function readAll(depth: Limit) { return client.fetchAll(depth); }\nfunction inner() {}",
      [
        "readAll:api-name",
        "depth:identifier",
        "Limit:type",
        "client:identifier",
        "fetchAll:api-name",
        "depth:identifier",
        "inner:identifier",
      ],
    ],
    [
      "python",
      "class Queue:\n  def drain(self): return helper(Queue.size)\n  def _hidden(self): pass",
      ["Queue:type", "drain:api-name", "helper:api-name", "Queue:type", "size:identifier", "_hidden:identifier"],
    ],
    [
      "go",
      "package main\nfunc ReadAll(limit Limit) { other.Call(limit); readPart() }\nfunc readPart() {}",
      [
        "main:identifier",
        "ReadAll:api-name",
        "limit:identifier",
        "Limit:type",
        "other:identifier",
        "Call:api-name",
        "limit:identifier",
        "readPart:api-name",
        "readPart:identifier",
      ],
    ],
    [
      "rust",
      "pub fn read_all(limit: Limit) { client.fetch_all(limit); }\nfn read_part() {}",
      [
        "read_all:api-name",
        "limit:identifier",
        "Limit:type",
        "client:identifier",
        "fetch_all:api-name",
        "limit:identifier",
        "read_part:identifier",
      ],
    ],
    [
      "java",
      "class Queue { public Items drain() { return helper(); } private int hidden() { return 1; } }",
      ["Queue:type", "Items:type", "drain:api-name", "helper:api-name", "hidden:identifier"],
    ],
    [
      "c",
      "static int read_part(struct items *list) { return read_all(list); }",
      ["read_part:identifier", "items:type", "list:identifier", "read_all:api-name", "list:identifier"],
    ],
  ])("of %s", async (language, text, expected) => {
    expect(await kinds(text, language)).toEqual(expected);
  });

  it("are those of the lexer where the tree knows no better, and nothing without a grammar", async () => {
    expect(await kinds("import x from './some/path'; const MAX_DEPTH = 1;", "typescript")).toEqual([
      "./some/path:path",
      "MAX_DEPTH:constant",
    ]);
    expect(await grammarKinds("x", "haskell", [])).toBeUndefined();
    expect(await grammarKinds("x".repeat(1_000_001), "typescript", [])).toBeUndefined();
  });

  it("survives broken code in every language, one after the other", async () => {
    for (const language of [
      "typescript",
      "typescriptreact",
      "javascript",
      "python",
      "go",
      "rust",
      "java",
      "csharp",
      "cpp",
      "ruby",
      "php",
      "shellscript",
      "powershell",
    ]) {
      for (const text of ["", "}{ ((( class \"' /* name", "\u0000 name \ufffd(", "name(".repeat(2000), `call(${"name, ".repeat(5000)})`]) {
        const terms = extractTerms(text, language);
        expect(await grammarKinds(text, language, terms)).toHaveLength(terms.length);
      }
    }
  }, 60_000);
});
