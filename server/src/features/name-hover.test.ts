/** What stands in a hover is user text: it must stay text. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TextDocument } from "vscode-languageserver-textdocument";
import { afterAll, beforeAll, expect, test } from "vitest";
import { embeddedBaseDirectory } from "../config";
import { loadTokenizer, type Tokenizer } from "../tokenizer";
import { nameHover } from "./name-hover";

/** A directory of the repository may have any name. */
const hostileName = "[run](command:x) ![i](y) <b> `c` *d*";
const place = mkdtempSync(join(tmpdir(), "midtrain-hover-"));
let tokenizer: Tokenizer;

beforeAll(async () => {
  const directory = join(place, hostileName);
  mkdirSync(directory);
  cpSync(join(embeddedBaseDirectory(), "tokenizer.json"), join(directory, "tokenizer.json"));
  tokenizer = await loadTokenizer(directory);
});

afterAll(() => rmSync(place, { recursive: true, force: true }));

function hoverOn(text: string, name: string, file = "a.json"): string {
  const document = TextDocument.create(`file:///${file}`, "json", 1, text);
  const context = {
    document,
    tokenizer,
    repositoryTerm: () => undefined,
    cheaperSpelling: () => undefined,
    isIgnored: () => false,
  };
  const hover = nameHover(context, document.positionAt(text.indexOf(name) + 1));
  return (hover?.contents as { readonly value: string } | undefined)?.value ?? "";
}

test("a name ends no link and begins none: parentheses are encoded in the argument", () => {
  const value = hoverOn('{"warehouse)shard(replica": 1}', "warehouse");
  const links = [...value.matchAll(/\]\(([^)]*)\)/g)].map(([, link]) => link!);
  expect(links.map((link) => link.split("?")[0])).toEqual(["command:midtrain.showInReport", "command:midtrain.ignoreName"]);
  for (const link of links) {
    const [argument] = JSON.parse(decodeURIComponent(link.split("?")[1]!)) as readonly string[];
    expect('{"warehouse)shard(replica": 1}').toContain(argument);
    expect(link).not.toMatch(/[()\s]/);
  }
});

test("the name of a tokenizer is text: no link, image, HTML or code of its own", () => {
  expect(tokenizer.identity.name).toBe(hostileName);
  const value = hoverOn('{"warehouseReplication": 1}', "warehouse");
  const shown = value.split("\n").find((line) => line.includes("run"))!;
  for (const sign of ["[", "]", "(", ")", "!", "<", ">", "`", "*"])
    expect(shown.replaceAll(`\\${sign}`, "").replace(/ \([0-9a-f]{4}…\) *$/, "")).not.toContain(sign);
});

test("pieces stay in their code span, backticks among them", () => {
  const value = hoverOn('{"`ware`house``shard[x](y)": 1}', "ware");
  const [span] = value.split("  \n");
  const [, fence, inner] = /^(`+)(.*[^`])\1$/.exec(span!)!;
  expect(inner!.replaceAll("│", "")).toBe(" `ware`house``shard[x](y) ");
  expect(inner!.match(/`+/g)).not.toContain(fence);
});
