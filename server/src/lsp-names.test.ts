/** Names as the editor asks for them, from the bundled server over stdio: diagnostics, actions, lens, tokens, edits, choices. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { embeddedBaseDirectory } from "./config";
import { distinctText, repositoryOf, temporaryDirectory } from "./corpus/test-repository";
import { Editor, makeInstallation } from "./lsp.test-support";
import { loadTokenizer } from "./tokenizer";

const source = "export function quiesceWarehouseReplication(shard: number): number {\n  return shard + 1;\n}\n";
const name = "quiesceWarehouseReplication";
const everything = { start: { line: 0, character: 0 }, end: { line: 1000, character: 0 } };

interface Marked {
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
  readonly severity: number;
  readonly code: string;
  readonly message: string;
  readonly codeDescription?: { readonly href: string };
}

interface Action {
  readonly title: string;
  readonly kind: string;
  readonly command: { readonly command: string; readonly arguments: readonly unknown[] };
}

let installation = "";
const editors: Editor[] = [];

beforeAll(async () => {
  installation = await makeInstallation();
}, 120_000);

afterEach(async () => {
  for (const editor of editors.splice(0)) await editor.close();
});

afterAll(() => rmSync(installation, { recursive: true, force: true }));

async function editorOn(folder: string, settings: object = {}): Promise<Editor> {
  const editor = await Editor.start({ installation, folder, settings });
  editors.push(editor);
  return editor;
}

async function diagnostics(editor: Editor, uri: string): Promise<readonly Marked[]> {
  const { items }: { items: readonly Marked[] } = await editor.connection.sendRequest("textDocument/diagnostic", { textDocument: { uri } });
  return items;
}

function actions(editor: Editor, uri: string, line: number, character: number, own: readonly unknown[] = []): Promise<readonly Action[]> {
  const at = { line, character };
  return editor.connection.sendRequest("textDocument/codeAction", {
    textDocument: { uri },
    range: { start: at, end: at },
    context: { diagnostics: own },
  });
}

test("goes by the settings of the moment, whether it has heard of their change or not", async () => {
  const folder = temporaryDirectory();
  const editor = await editorOn(folder, { tokenizer: "tiktoken:cl100k_base" });
  const current = async (): Promise<string | undefined> =>
    (await editor.request("midtrain/tokenizers", { directory: folder })).find(({ isCurrent }) => isCurrent)?.specification;
  expect(await current()).toBe("tiktoken:cl100k_base");
  editor.changeUnsaid({ tokenizer: "tiktoken:o200k_base" });
  expect(await current()).toBe("tiktoken:o200k_base");
});

test("diagnostics are off until asked for; then hints, once a name, with a code and the pieces", async () => {
  const folder = temporaryDirectory();
  const editor = await editorOn(folder);
  const uri = await editor.open(join(folder, "a.ts"), `${source}${name}(2);\n`);
  expect(await diagnostics(editor, uri)).toEqual([]);
  await editor.configure({ diagnostics: { enabled: true, minimumTokens: 4 } });
  const [marked, ...others] = await diagnostics(editor, uri);
  expect(others).toEqual([]);
  expect(marked).toMatchObject({ code: "expensive-name", severity: 4, range: { start: { line: 0, character: source.indexOf(name) } } });
  expect(marked!.message).toContain("│");
  const [ignore] = (await actions(editor, uri, 0, source.indexOf(name), [marked])).filter(({ title }) => title.startsWith("Ignore"));
  expect(ignore).toMatchObject({ kind: "quickfix", command: { command: "midtrain.ignoreName", arguments: [name] } });
});

test("an ignored name has no hover, no hint, no diagnostic and no part in the figures", async () => {
  const folder = temporaryDirectory();
  const settings = { inlayHints: { enabled: true }, diagnostics: { enabled: true, minimumTokens: 4 } };
  const editor = await editorOn(folder, settings);
  const uri = await editor.open(join(folder, "a.ts"), source);
  const before = await editor.request("midtrain/fileFragmentation", { uri });
  expect((await diagnostics(editor, uri)).length).toBeGreaterThan(0);
  const file = join(folder, "midtrain.jsonc");
  const edit = await editor.request("midtrain/configurationEdit", {
    directory: folder,
    file,
    text: "",
    change: { kind: "ignore-name", name },
  });
  writeFileSync(file, edit.edits.map(({ content }) => content).join(""));
  expect(await editor.hover(uri, 0, source.indexOf(name) + 2)).toBeNull();
  expect(await diagnostics(editor, uri)).toEqual([]);
  expect(await editor.hints(uri, 3)).toEqual([]);
  const after = await editor.request("midtrain/fileFragmentation", { uri });
  expect(after!.occurrences).toBe(before!.occurrences - 1);
});

test("a rename is offered where the repository already has a cheaper spelling, and only there", async () => {
  const tokenizer = await loadTokenizer("tiktoken:o200k_base");
  const [dear, cheap] = ["warehouseShardRebalancer", "warehouse_shard_rebalancer"];
  const [first, second] = tokenizer.encode(dear).length > tokenizer.encode(cheap).length ? [dear, cheap] : [cheap, dear];
  const text = `function ${first}(input: number) {\n  const ${second} = input;\n  return ${second};\n}\n`;
  const repository = repositoryOf({
    ...Object.fromEntries(Array.from({ length: 24 }, (_, index) => [`src/f${index}.ts`, distinctText(index, 30)])),
    "src/use.ts": `const ${first} = 1;\nconst ${second} = 2;\nprint(${first} + ${second});\n${distinctText(77, 20)}`,
  });
  const editor = await editorOn(repository);
  const uri = await editor.open(join(repository, "src/new.ts"), text);
  const titles = async (at: string): Promise<readonly string[]> => {
    const line = text.slice(0, text.indexOf(at)).split("\n").length - 1;
    const character = text.split("\n")[line]!.indexOf(at);
    return (await actions(editor, uri, line, character)).map(({ title }) => title);
  };
  expect((await titles(first)).some((title) => title.startsWith("Rename"))).toBe(false);
  await editor.request("midtrain/fragmentationReport", { directory: repository });
  expect((await titles(first)).filter((title) => title.startsWith("Rename"))).toEqual([
    `Rename to ${second}, as elsewhere in this repository`,
  ]);
  expect((await titles(second)).some((title) => title.startsWith("Rename"))).toBe(false);
});

test("one lens says what the names of a file cost, when it is switched on", async () => {
  const folder = temporaryDirectory();
  const editor = await editorOn(folder);
  const uri = await editor.open(join(folder, "a.ts"), source);
  const lenses = (): Promise<readonly { command: { title: string } }[]> =>
    editor.connection.sendRequest("textDocument/codeLens", { textDocument: { uri } });
  expect(await lenses()).toEqual([]);
  await editor.configure({ codeLens: { enabled: true } });
  expect((await lenses())[0]!.command.title).toMatch(
    /^\d+ names · [\d.]+ tokens per name · they cost [\d.]+ % of its tokens · tiktoken:o200k_base$/,
  );
});

test("hints show the pieces where the setting asks for them", async () => {
  const folder = temporaryDirectory();
  const editor = await editorOn(folder, { inlayHints: { enabled: true, show: "pieces" } });
  const uri = await editor.open(join(folder, "a.ts"), source);
  const [hint] = await editor.hints(uri, 3);
  expect(hint!.label.trim().split("│").join("").replaceAll("·", "")).toBe(name);
});

test("shown tokens are the tokenizer's own, also around surrogates and line ends, and limited to the range", async () => {
  const folder = temporaryDirectory();
  const editor = await editorOn(folder);
  const text = `const café = "😀 ok";\r\n\t\treturn café;\n${source}`;
  const uri = await editor.open(join(folder, "a.ts"), text);
  const tokenizer = await loadTokenizer("tiktoken:o200k_base");
  const shown = await editor.request("midtrain/shownTokens", { uri, range: everything });
  expect(shown).toMatchObject({ tokenizer: tokenizer.identity.name, first: 0, total: tokenizer.encode(text).length });
  expect(shown!.spans).toHaveLength(4 * shown!.total);
  const part = await editor.request("midtrain/shownTokens", {
    uri,
    range: { start: { line: 3, character: 0 }, end: { line: 3, character: 6 } },
  });
  expect(part!.first).toBeGreaterThan(0);
  expect(part!.spans.length).toBeLessThan(shown!.spans.length);
  expect(shown!.spans.slice(4 * part!.first, 4 * part!.first + part!.spans.length)).toEqual(part!.spans);
});

test("an edit says what it did to the number of tokens, until the document is saved", async () => {
  const folder = temporaryDirectory();
  const editor = await editorOn(folder);
  const uri = await editor.open(join(folder, "a.ts"), source);
  expect(await editor.request("midtrain/editedLines", { uri })).toEqual([]);
  const start = { line: 1, character: 2 };
  await editor.connection.sendNotification("textDocument/didChange", {
    textDocument: { uri, version: 9 },
    contentChanges: [{ range: { start, end: start }, text: "const unhurriedLighthouseKeeper = 1;\n  " }],
  });
  const [part, ...others] = (await editor.request("midtrain/editedLines", { uri }))!;
  expect(others).toEqual([]);
  expect(part).toMatchObject({ line: 1, before: 0 });
  expect(part!.after).toBeGreaterThan(4);
  await editor.connection.sendNotification("textDocument/didSave", { textDocument: { uri } });
  expect(await editor.request("midtrain/editedLines", { uri })).toEqual([]);
});

test("tokenizers at hand: encodings by name, files of the folder, the configured one first", async () => {
  const folder = temporaryDirectory();
  mkdirSync(join(folder, "models", "tiny"), { recursive: true });
  cpSync(join(embeddedBaseDirectory(), "tokenizer.json"), join(folder, "models", "tiny", "tokenizer.json"));
  const editor = await editorOn(folder);
  const choices = await editor.request("midtrain/tokenizers", { directory: folder });
  expect(choices[0]).toMatchObject({ specification: "tiktoken:o200k_base", isCurrent: true });
  expect(choices).toContainEqual({
    specification: "./models/tiny/tokenizer.json",
    label: "models/tiny/tokenizer.json",
    origin: "a file of this folder",
    isCurrent: false,
  });
  await editor.configure({ tokenizer: "tiktoken:cl100k_base" });
  expect((await editor.request("midtrain/tokenizers", { directory: folder }))[0]).toMatchObject({ specification: "tiktoken:cl100k_base" });
});

test("cells of a notebook, untitled documents and odd addresses are answered", async () => {
  const folder = temporaryDirectory();
  const editor = await editorOn(folder);
  const open = (uri: string, languageId: string): Promise<void> =>
    editor.connection.sendNotification("textDocument/didOpen", { textDocument: { uri, languageId, version: 1, text: source } });
  for (const [uri, language] of [
    ["vscode-notebook-cell:/work/a.ipynb#W0sZmlsZQ%3D%3D", "typescript"],
    ["untitled:Untitled-1", "typescript"],
    ["file:///odd%ZZname.ts", "typescript"],
  ] as const) {
    await open(uri, language);
    expect((await editor.request("midtrain/fileFragmentation", { uri }))?.occurrences, uri).toBeGreaterThan(0);
    expect(await editor.hover(uri, 0, source.indexOf(name) + 2), uri).toContain("tokens here");
  }
});

test("names of one directory, tokenizers side by side and the expansion verdict come from the newest corpus", async () => {
  const repository = repositoryOf({
    ...Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`src/f${index}.ts`, distinctText(index, 40)])),
    "tools/build.ts": `${source}${name}(1);\n${distinctText(99, 20)}`,
  });
  const editor = await editorOn(repository);
  const directory = repository;
  expect(await editor.request("midtrain/directoryNames", { directory, under: "tools" })).toBeNull();
  const whole = await editor.request("midtrain/fragmentationReport", { directory });
  const part = await editor.request("midtrain/directoryNames", { directory, under: "tools" });
  expect(part!.files).toBe(1);
  const own = part!.top.find(({ term }) => term === name);
  expect(own).toMatchObject({ count: 2, isolated: whole.top.find(({ term }) => term === name)!.isolated });
  const compared = await editor.request("midtrain/compareTokenizers", { directory, tokenizers: ["tiktoken:cl100k_base"] });
  expect(compared!.tokenizers).toHaveLength(2);
  expect(compared!.tokenizers[0]!.tokenizer.hash).toBe(whole.tokenizer.hash);
  expect(compared!.tokenizers[0]!.tokens).toBe(whole.tokens);
  expect(compared!.terms[0]!.by).toHaveLength(2);
  const expansion = await editor.request("midtrain/assessExpansion", { directory });
  expect(expansion).toMatchObject({ verdict: "do-not-expand", tokenizer: { hash: whole.tokenizer.hash } });
  expect(expansion!.reasons.length).toBeGreaterThan(0);
});
