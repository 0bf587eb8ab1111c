import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { baseReplayDocuments, baseReplayFile, dependencyDocuments } from "./index";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "replay-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe("baseReplayDocuments", () => {
  const write = (bytes: Buffer): void => writeFileSync(join(directory, baseReplayFile), bytes);

  it("reads one document a line, as it was written", async () => {
    const lines = [
      { id: "1", text: "# a.py\nx = 1\n" },
      { id: "2", text: "two" },
    ].map((record) => JSON.stringify(record));
    write(gzipSync(`${lines.join("\n")}\n`));
    expect(await baseReplayDocuments(directory)).toEqual([
      { id: "1", path: "replay/1", language: "text", text: "# a.py\nx = 1\n", rendered: true },
      { id: "2", path: "replay/2", language: "text", text: "two", rendered: true },
    ]);
  });

  it("has nothing for a model without samples", async () => {
    expect(await baseReplayDocuments(directory)).toBeUndefined();
  });

  it.each([
    ["a truncated file", gzipSync("x".repeat(10_000)).subarray(0, 20), ""],
    ["a line that is not JSON", gzipSync('{"id":"1","text":"a"}\n{"id"'), ":2"],
    ["a record without text", gzipSync('{"id":"1"}\n'), ":1"],
    ["a line that is null", gzipSync("null\n"), ":1"],
  ])("names %s", async (_name, bytes, line) => {
    write(bytes);
    await expect(baseReplayDocuments(directory)).rejects.toMatchObject({
      reason: "corrupt",
      where: `${join(directory, baseReplayFile)}${line}`,
    });
  });
});

const code = (name: string): string => `export function ${name}(value) {\n${"  value += 1;\n".repeat(40)}  return value;\n}\n`;

function put(path: string, text: string | Buffer): void {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), text);
}

describe("dependencyDocuments", () => {
  const paths = async (limitBytes = 1e6): Promise<string[]> =>
    (await dependencyDocuments(directory, { limitBytes })).map(({ path }) => path);

  it("reads source and documents of installed packages, and nothing else", async () => {
    put("node_modules/a/index.js", code("a"));
    put("node_modules/a/readme.md", `# a\n\n${"Words about it.\n".repeat(40)}`);
    put("node_modules/@s/b/lib/b.ts", code("b"));
    put("node_modules/a/node_modules/nested/n.mjs", code("nested"));
    put(".venv/lib/python3.12/site-packages/p/core.py", `def p():\n${"    x = 1\n".repeat(60)}`);
    put("go.mod", "module m\n");
    put("vendor/example.org/g/g.go", `package g\n${"// words\n".repeat(60)}`);
    put("src/own.js", code("own"));
    put("node_modules/a/index.test.js", code("t1"));
    put("node_modules/a/test/x.js", code("t2"));
    put("node_modules/a/dist/a.min.js", code("min"));
    put("node_modules/a/index.d.ts", code("types"));
    put("node_modules/a/minified.js", `${"a".repeat(900)}\n`);
    put("node_modules/a/binary.js", Buffer.concat([Buffer.from(code("binary")), Buffer.from([0])]));
    put("node_modules/a/latin.js", Buffer.concat([Buffer.from(code("latin")), Buffer.from([0xe9])]));
    put("node_modules/a/huge.js", code("huge").repeat(200));
    put("node_modules/a/data.json", "{}".repeat(300));
    expect(await paths()).toEqual([
      ".venv/lib/python3.12/site-packages/p/core.py",
      "node_modules/@s/b/lib/b.ts",
      "node_modules/a/index.js",
      "node_modules/a/node_modules/nested/n.mjs",
      "node_modules/a/readme.md",
      "vendor/example.org/g/g.go",
    ]);
  });

  it("does not follow symbolic links, nor take vendor for Go without go.mod", async () => {
    put("elsewhere/x.js", code("x"));
    put("node_modules/a/a.js", code("a"));
    put("vendor/g/g.go", `package g\n${"// words\n".repeat(60)}`);
    symlinkSync(join(directory, "elsewhere"), join(directory, "node_modules/linked"));
    symlinkSync(directory, join(directory, "node_modules/a/loop"));
    symlinkSync(join(directory, "elsewhere/x.js"), join(directory, "node_modules/a/x.js"));
    expect(await paths()).toEqual(["node_modules/a/a.js"]);
  });

  it("keeps to the limit, lets every package have its turn, and takes equal text once", async () => {
    for (let i = 0; i < 30; i++) put(`node_modules/big/${i}.js`, code(`big${i}`));
    for (const name of ["b", "c", "d"]) put(`node_modules/${name}/index.js`, code(name));
    put("node_modules/copy/index.js", code("b"));
    const limit = 6 * Buffer.byteLength(code("big10"));
    const documents = await dependencyDocuments(directory, { limitBytes: limit });
    expect(documents.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)).toBeLessThanOrEqual(limit);
    expect(new Set(documents.map(({ path }) => path.split("/")[1])).size).toBeGreaterThanOrEqual(4);
    expect(new Set(documents.map(({ text }) => text)).size).toBe(documents.length);
    expect(await dependencyDocuments(directory, { limitBytes: limit })).toEqual(documents);
  });

  it("finds nothing where nothing is installed", async () => {
    expect(await paths()).toEqual([]);
  });
});
