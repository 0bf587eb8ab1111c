import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { harvest, readDocuments } from "../corpus";
import { seededRandom } from "../platform/random";
import { cleanReplay, dependencyDocuments, leftOutByReason, leftOutNotes, type PackingDocument } from "./index";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "clean-replay-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Code-like lines of words that no other seed has. */
function distinctText(seed: number, lines: number): string {
  const random = seededRandom("clean-replay", seed);
  const word = (): string => `w${random.int(2 ** 24).toString(36)}`;
  return Array.from({ length: lines }, () => `let ${word()} = ${word()}(${word()}, ${word()});\n`).join("");
}

function makeRepository(): void {
  for (let i = 0; i < 60; i++) writeFileSync(join(directory, `part${i}.js`), distinctText(i, 30));
  writeFileSync(join(directory, ".gitignore"), "node_modules\n.midtrain\n");
  for (const args of [
    ["init", "-q"],
    ["add", "."],
  ])
    execFileSync("git", ["-C", directory, ...args]);
}

/** A package of one file that was installed and that git does not see. */
function install(name: string, text: string): void {
  mkdirSync(join(directory, "node_modules", name), { recursive: true });
  writeFileSync(join(directory, "node_modules", name, "index.js"), text);
}

const document = (path: string, text: string): PackingDocument => ({ id: path, path, language: "text", text });
const nothing = async function* (): AsyncGenerator<never> {};

describe("cleanReplay", () => {
  it("leaves out installed copies of held-out and sealed files and of training files, and nothing else", async () => {
    makeRepository();
    const { result } = await harvest({ directory, seed: 0 });
    const bySide = new Map<string, string>();
    for await (const { split, path, text } of readDocuments(result.directory)) if (path.endsWith(".js")) bySide.set(split, text);
    const textOf = (split: string): string => bySide.get(split)!;
    install("own", distinctText(500, 40));
    install("held", `${distinctText(501, 40)}${textOf("held-out").slice(0, 300)}`);
    install("sealed", textOf("sealed"));
    install("trained", `${textOf("train")}${distinctText(502, 10)}`);
    install("borrows", `${textOf("train").slice(0, 400)}${distinctText(503, 40)}`);
    const replay = await dependencyDocuments(directory, { limitBytes: 1e6 });
    const { documents: kept, leftOut } = await cleanReplay({
      documents: replay,
      repository: readDocuments(result.directory),
      evaluation: [],
    });
    expect(kept.map(({ path }) => path)).toEqual(["node_modules/borrows/index.js", "node_modules/own/index.js"]);
    expect(leftOut.map(({ path, reason }) => [path, reason])).toEqual([
      ["node_modules/held/index.js", "held-out"],
      ["node_modules/sealed/index.js", "held-out"],
      ["node_modules/trained/index.js", "repository"],
    ]);
    expect(leftOutByReason(leftOut)).toEqual({ "held-out": 2, repository: 1 });
    expect(leftOutNotes(leftOut, replay.length)).toEqual([
      expect.stringMatching(
        /^Of 5 replay documents, 3 are left out: 2 with text of held-out files, 1 repeating .*node_modules\/held\/index\.js/,
      ),
    ]);
  });

  it("leaves out one run of thirteen words of an evaluation item, not one of twelve", async () => {
    const words = Array.from({ length: 20 }, (_, i) => `word${i}`);
    const { leftOut } = await cleanReplay({
      documents: [
        document("thirteen", `before ${words.slice(3, 16).join(" ")} after`),
        document("twelve", `before ${words.slice(3, 15).join(" ")} after and so on for a while`),
      ],
      repository: nothing(),
      evaluation: [words.join(", ")],
    });
    expect(leftOut).toEqual([{ path: "thirteen", reason: "evaluation", shared: 1, runs: 3 }]);
    expect(leftOutNotes([], 2)).toEqual([]);
  });

  it("compares texts of fewer than thirteen words as a whole, and has nothing against one without words", async () => {
    const repository = async function* (): AsyncGenerator<{ split: "train" | "sealed"; text: string }> {
      yield { split: "train", text: "one two  three" };
      yield { split: "sealed", text: "four\tfive" };
      yield { split: "train", text: "---" };
    };
    const texts = ["one two three", "one two three four", "four five", "***"];
    const documents = texts.map((text) => document(text, text));
    const { leftOut } = await cleanReplay({ documents, repository: repository(), evaluation: [] });
    expect(leftOut).toEqual([
      { path: "one two three", reason: "repository", shared: 1, runs: 1 },
      { path: "four five", reason: "held-out", shared: 1, runs: 1 },
    ]);
  });

  it("stops when cancelled", async () => {
    const controller = new AbortController();
    controller.abort();
    const repository = async function* (): AsyncGenerator<{ split: "train"; text: string }> {
      yield { split: "train", text: "x" };
    };
    const cleaning = cleanReplay({ documents: [document("a", "a")], repository: repository(), evaluation: [], signal: controller.signal });
    await expect(cleaning).rejects.toMatchObject({ reason: "cancelled" });
  });
});
