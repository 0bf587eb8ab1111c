import { once } from "node:events";
import { existsSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CancellationTokenSource, ProgressType } from "vscode-jsonrpc/node";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { distinctText, repositoryOf, temporaryDirectory } from "./corpus/test-repository";
import { Editor, makeInstallation, type EditorOptions } from "./lsp.test-support";
import { loadTokenizer } from "./tokenizer";

const o200k = "tiktoken:o200k_base";
const source = "export function quiesceWarehouseReplication(shard: number): number {\n  return shard + 1;\n}\n";
const name = "quiesceWarehouseReplication";

let installation = "";
const made: string[] = [];
const editors: Editor[] = [];

beforeAll(async () => {
  installation = await makeInstallation();
  made.push(installation);
}, 120_000);

afterEach(async () => {
  for (const editor of editors.splice(0)) await editor.close();
});

afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true });
});

async function editorOn(folder: string, options: Partial<EditorOptions> = {}): Promise<Editor> {
  const editor = await Editor.start({ installation, folder, ...options });
  editors.push(editor);
  return editor;
}

/** Files of which no two are alike. */
function manyFiles(count: number, lines: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`src/f${index}.ts`, distinctText(index, lines)]));
}

/** What a failed request says. */
async function failure(request: Promise<unknown>): Promise<{ code: number; message: string; data: Record<string, string> }> {
  return request.then(
    () => {
      throw new Error("The request did not fail.");
    },
    (error: unknown) => error as { code: number; message: string; data: Record<string, string> },
  );
}

test("a hover gives the pieces, the counts that the tokenizer itself gives, and its name", async () => {
  const folder = temporaryDirectory();
  const editor = await editorOn(folder);
  const uri = await editor.open(join(folder, "a.ts"), source);
  const tokenizer = await loadTokenizer(o200k, { base: folder });
  const [pieces, numbers, place] = (await editor.hover(uri, 0, source.indexOf(name) + 2))!.split("  \n");
  // A token may reach over the left edge of a name (a space, a point), never change its letters.
  expect(pieces!.replaceAll("`", "").split("│").join("").replaceAll("·", "")).toBe(name);
  const [alone, afterSpace] = [tokenizer.encode(name).length, tokenizer.encode(` ${name}`).length];
  expect(numbers).toBe(`${afterSpace} tokens here · ${alone} alone · ${afterSpace} after a space`);
  expect(place).toBe(`${tokenizer.identity.name} (${tokenizer.identity.hash.slice(0, 4)}…)`);
  expect(await editor.hover(uri, 0, 1)).toBeNull();
});

test("hovers follow their setting and the document's changes", async () => {
  const folder = temporaryDirectory();
  const editor = await editorOn(folder);
  const uri = await editor.open(join(folder, "a.ts"), source);
  await editor.connection.sendNotification("textDocument/didChange", {
    textDocument: { uri, version: 2 },
    contentChanges: [
      { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: "const unhurriedLighthouse = 1;\n" },
    ],
  });
  expect(await editor.hover(uri, 0, 8)).toContain("tokens here");
  expect(await editor.hover(uri, 1, source.indexOf(name))).toContain("tokens here");
  await editor.configure({ hover: { enabled: false } });
  expect(await editor.hover(uri, 0, 8)).toBeNull();
});

test("inlay hints appear when the setting is on, beside names that cost enough", async () => {
  const folder = temporaryDirectory();
  const editor = await editorOn(folder);
  const uri = await editor.open(join(folder, "a.ts"), source);
  expect(await editor.hints(uri, 3)).toEqual([]);
  await editor.configure({ inlayHints: { enabled: true, minimumTokens: 4 } });
  const hints = await editor.hints(uri, 3);
  expect(hints).toHaveLength(1);
  expect(hints[0]).toMatchObject({ position: { line: 0, character: source.indexOf(name) + name.length } });
  expect(hints[0]!.label).toMatch(/^ [4-9] tokens$/);
  await editor.configure({ inlayHints: { enabled: true, minimumTokens: 20 } });
  expect(await editor.hints(uri, 3)).toEqual([]);
});

test("figures of a file name its tokenizer; an unknown document has none", async () => {
  const folder = temporaryDirectory();
  const editor = await editorOn(folder);
  const uri = await editor.open(join(folder, "a.ts"), source);
  const tokenizer = await loadTokenizer(o200k, { base: folder });
  expect(await editor.request("midtrain/fileFragmentation", { uri })).toMatchObject({
    tokenizer: { name: tokenizer.identity.name, hash: tokenizer.identity.hash },
    tokens: tokenizer.encode(source).length,
  });
  expect(await editor.request("midtrain/fileFragmentation", { uri: `${uri}x` })).toBeNull();
});

test("a harvest reports its progress and gives what the corpus tree shows; the report reaches hovers", async () => {
  const key = `AKIA${"QWERTYUIOPASDFGH"}`;
  const repository = repositoryOf({
    ...manyFiles(40, 30),
    "src/warehouse.ts": `${source}${distinctText(900, 20)}`,
    "src/caller.ts": `import { ${name} } from "./warehouse";\n${name}(3);\n${distinctText(901, 20)}`,
    "src/secret.ts": `${distinctText(902, 20)}const key = "${key}";\n`,
    "picture.png": new Uint8Array([137, 80, 78, 71, 0, 0, 1]),
  });
  const editor = await editorOn(repository);
  const progress: { kind: string; message?: string }[] = [];
  editor.connection.onProgress(new ProgressType<{ kind: string; message?: string }>(), "harvest-1", (value) => void progress.push(value));
  const view = await editor.request("midtrain/harvest", { directory: repository, workDoneToken: "harvest-1" });

  expect(progress[0]).toMatchObject({ kind: "begin", cancellable: true });
  expect(progress.at(-1)).toEqual({ kind: "end" });
  expect(progress.filter(({ kind }) => kind === "report").map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/^reading .*\d/),
  );
  expect(existsSync(join(view.directory, "manifest.json"))).toBe(true);
  expect(view.directory.startsWith(join(repository, ".midtrain", "corpora"))).toBe(true);
  expect(view.documents).toHaveLength(43);
  expect(view.documents.map(({ path }) => path)).toContain("src/warehouse.ts");
  expect(view.rejects).toMatchObject([{ path: "picture.png", rule: "binary" }]);
  expect(view.redactions).toMatchObject([{ path: "src/secret.ts", line: 21 }]);
  expect(JSON.stringify(view)).not.toContain(key);
  expect(await editor.request("midtrain/corpus", { directory: repository })).toEqual(view);

  const report = await editor.request("midtrain/fragmentationReport", { directory: repository });
  expect(report.top.find(({ term }) => term === name)).toMatchObject({ count: 3, files: 2 });
  const places = await editor.request("midtrain/termOccurrences", { directory: repository, term: name, limit: 10 });
  expect(places.map(({ path, line }) => `${path}:${line}`).sort()).toEqual(["src/caller.ts:0", "src/caller.ts:1", "src/warehouse.ts:0"]);
  const uri = await editor.open(join(repository, "src", "warehouse.ts"), source);
  expect(await editor.hover(uri, 0, source.indexOf(name))).toMatch(/used 3 times in 2 files · costs \d+ extra tokens · /);
});

test("hovers are answered while a harvest goes on; a cancelled harvest says so and leaves no corpus", async () => {
  const repository = repositoryOf(manyFiles(600, 300));
  const editor = await editorOn(repository);
  const uri = await editor.open(join(repository, "a.ts"), source);
  expect(await editor.hover(uri, 0, source.indexOf(name))).not.toBeNull();
  const cancellation = new CancellationTokenSource();
  const firstReport = new Promise<void>((resolve) => {
    editor.connection.onProgress(new ProgressType<{ kind: string }>(), 7, ({ kind }) => {
      if (kind === "report") resolve();
    });
  });
  const parameters = { directory: repository, workDoneToken: 7 };
  const harvest = failure(editor.connection.sendRequest("midtrain/harvest", parameters, cancellation.token));
  await firstReport;
  expect(await editor.hover(uri, 0, source.indexOf(name))).toContain("tokens here");
  cancellation.cancel();
  expect(await harvest).toMatchObject({ code: -32800, data: { reason: "cancelled" } });
  expect(await editor.request("midtrain/corpus", { directory: repository })).toBeNull();
});

test("without trust nothing is harvested or trained, hovers work, and a grant needs no restart", async () => {
  const repository = repositoryOf(manyFiles(20, 20));
  const editor = await editorOn(repository, { trusted: false });
  for (const method of ["midtrain/harvest", "midtrain/fragmentationReport", "midtrain/startRun"] as const) {
    const refusal = await failure(editor.request(method, { directory: repository }));
    expect(refusal.message).toMatch(/not trusted/);
    expect(refusal.data).toMatchObject({ reason: "environment", next: expect.stringMatching(/Trust/) as string });
  }
  expect(existsSync(join(repository, ".midtrain"))).toBe(false);
  const uri = await editor.open(join(repository, "a.ts"), source);
  expect(await editor.hover(uri, 0, source.indexOf(name))).toContain("tokens here");
  await editor.connection.sendNotification("midtrain/trustGranted", {});
  expect((await editor.request("midtrain/harvest", { directory: repository })).documents).toHaveLength(20);
});

test("a huge document gets no figures and harms nothing", async () => {
  const folder = temporaryDirectory();
  const editor = await editorOn(folder, { settings: { inlayHints: { enabled: true, minimumTokens: 2 } } });
  const huge = await editor.open(join(folder, "huge.ts"), source.repeat(Math.ceil(2_000_001 / source.length)));
  expect(await editor.hover(huge, 0, source.indexOf(name))).toBeNull();
  expect(await editor.hints(huge, 100)).toEqual([]);
  expect(await editor.request("midtrain/fileFragmentation", { uri: huge })).toBeNull();
  const small = await editor.open(join(folder, "small.ts"), source);
  expect(await editor.hover(small, 0, source.indexOf(name))).toContain("tokens here");
});

test("a malformed midtrain.jsonc: hovers stay quiet, the log and the harvest name file, line and column", async () => {
  const repository = repositoryOf({ ...manyFiles(20, 20), "midtrain.jsonc": '{\n  "risk": "reckless"\n}\n' });
  const editor = await editorOn(repository);
  const uri = await editor.open(join(repository, "a.ts"), source);
  expect(await editor.hover(uri, 0, source.indexOf(name))).toBeNull();
  expect(editor.log.join("\n")).toContain('"risk" is not legal');
  const error = await failure(editor.request("midtrain/harvest", { directory: repository }));
  expect(error.data).toMatchObject({ reason: "input", where: `${join(repository, "midtrain.jsonc")}:2:11` });
  expect(error.data["next"]).toBeTruthy();
  writeFileSync(join(repository, "midtrain.jsonc"), '{\n  "risk": "bold"\n}\n');
  expect(await editor.hover(uri, 0, source.indexOf(name))).toContain("tokens here");
});

test("a worker that dies fails its request and nothing else", async () => {
  const broken = realpathSync(mkdtempSync(join(tmpdir(), "midtrain-lsp-broken-")));
  made.push(broken);
  cpSync(installation, broken, { recursive: true });
  const repository = repositoryOf(manyFiles(20, 20));
  const editor = await editorOn(repository, { installation: broken });
  const worker = join(broken, "dist", "engine-worker.js");
  const request = (): ReturnType<typeof failure> => failure(editor.request("midtrain/harvest", { directory: repository }));

  writeFileSync(worker, "process.exit(9);\n");
  expect(await request()).toMatchObject({
    message: expect.stringMatching(/ended without a result/) as string,
    data: { reason: "internal" },
  });
  writeFileSync(worker, 'throw new RangeError("out of everything");\n');
  expect(await request()).toMatchObject({ message: expect.stringMatching(/out of everything/) as string, data: { reason: "internal" } });
  rmSync(worker);
  expect(await request()).toMatchObject({ data: { reason: "environment", next: "Run npm run build." } });

  const uri = await editor.open(join(repository, "a.ts"), source);
  expect(await editor.hover(uri, 0, source.indexOf(name))).toContain("tokens here");
});

test("says when something below .midtrain/runs changed", async () => {
  const folder = temporaryDirectory();
  const editor = await editorOn(folder);
  expect(await editor.request("midtrain/runs", { directory: folder })).toEqual([]);
  const changed = new Promise((resolve) => editor.connection.onNotification("midtrain/runsChanged", resolve));
  mkdirSync(join(folder, ".midtrain", "runs", "normal-0000"), { recursive: true });
  writeFileSync(join(folder, ".midtrain", "runs", "normal-0000", "state.json"), "{}");
  expect(await changed).toEqual({ directory: folder });
});

test("ends on shutdown, and when its editor is gone", async () => {
  const folder = temporaryDirectory();
  expect(await (await editorOn(folder)).close()).toBe(0);
  const orphan = await editorOn(folder);
  const exit = once(orphan.server, "exit");
  orphan.connection.dispose();
  orphan.server.stdin!.end();
  await exit;
  expect(orphan.server.exitCode).not.toBeNull();
});
