import { expect, test } from "vitest";
import { harvest } from "./harvest";
import { allowanceHash } from "./sensitive/allow-list";
import { distinctText, documentsOf, git, repositoryOf, temporaryDirectory, writeFiles } from "./test-repository";
import type { CorpusConfig } from "./corpus-config";
import { readRejects } from "./written/corpus-files";

const many = (from: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`src/f${from + index}.ts`, distinctText(from + index, 25)]));

async function harvested(directory: string, config: CorpusConfig, evaluation: readonly string[] = []) {
  const { result, manifest } = await harvest({ directory, out: temporaryDirectory(), seed: 0, config, evaluation });
  const documents = await documentsOf(result.directory);
  return {
    manifest,
    documents,
    rejects: readRejects(result.directory),
    textOf: (path: string) => documents.find((one) => one.path === path)?.text,
  };
}

test("a file that holds an item of the evaluation is left out and says so; one that holds half of it stays", async () => {
  const item = distinctText(9000, 6);
  const directory = repositoryOf({
    ...many(0),
    "knows.md": `# Notes\n\n${item}\nmore words here\n`,
    "half.md": `# Notes\n\n${item.split(" ").slice(0, 6).join(" ")}\n`,
  });
  const { rejects, documents } = await harvested(directory, {}, [item, distinctText(9001, 6)]);
  expect(rejects.map(({ path, rule }) => [path, rule])).toEqual([["knows.md", "evaluation-overlap"]]);
  expect(documents.map(({ path }) => path)).toContain("half.md");
});

test("an allowance keeps a value by its hash where it stands and wherever it was propagated to, and nothing else", async () => {
  const [token, other] = ["aB3dE5gH7jK9mN1pQ3sT5vW7yZ9b", "zY9xW7vU5tS3rQ1pO9nM7lK5jI3h"];
  const directory = repositoryOf({
    ...many(0),
    "a.py": `API_TOKEN = "${token}"\nSECRET_KEY = "${other}"\n${distinctText(500, 8)}`,
    "b.py": `# ${token} again\n${distinctText(501, 8)}`,
  });
  const { textOf } = await harvested(directory, { allow: [{ hash: allowanceHash("0123456789abcdef", token) }] });
  expect(textOf("a.py")).toContain(token);
  expect(textOf("b.py")).toContain(token);
  expect(textOf("a.py")).not.toContain(other);
});

test("a path allowance holds in that path only, also against a value learned elsewhere", async () => {
  const token = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9b";
  const text = (seed: number): string => `API_TOKEN = "${token}"\n${distinctText(seed, 8)}`;
  const directory = repositoryOf({ ...many(0), "docs/example.py": text(500), "src/real.py": text(501) });
  const { textOf } = await harvested(directory, { allow: [{ path: "docs/**" }] });
  expect(textOf("docs/example.py")).toContain(token);
  expect(textOf("src/real.py")).not.toContain(token);
});

test("files first committed after a commit are held out, with the rest of the corpus id depending on it", async () => {
  const directory = repositoryOf(many(0));
  const before = git(directory, "rev-parse", "HEAD").trim();
  writeFiles(directory, { "src/new.ts": distinctText(700, 25), "src/newer.ts": distinctText(701, 25) });
  git(directory, "add", "-A");
  git(directory, "commit", "-qm", "later");
  const { documents, manifest } = await harvested(directory, { heldOut: { after: before } });
  for (const path of ["src/new.ts", "src/newer.ts"]) expect(documents.find((one) => one.path === path)?.split).not.toBe("train");
  expect((await harvested(directory, {})).manifest.corpus).not.toBe(manifest.corpus);
});

test("classes, licences and marks decide as the configuration says", async () => {
  const directory = repositoryOf({
    ...many(0),
    "notes/a.txt": distinctText(800, 10),
    "gpl.ts": `// SPDX-License-Identifier: GPL-3.0-only\n${distinctText(801, 10)}`,
    "mit.ts": `// SPDX-License-Identifier: MIT\n${distinctText(802, 10)}`,
    "off.ts": `// midtrain: off\n${distinctText(803, 10)}`,
  });
  const { documents, rejects, manifest } = await harvested(directory, {
    reclassify: [{ path: "notes/**", class: "runbook" }],
    licences: { reject: ["GPL-*"], warn: ["MIT"] },
  });
  expect(documents.find((one) => one.path === "notes/a.txt")?.class).toBe("runbook");
  expect(Object.fromEntries(rejects.map(({ path, rule }) => [path, rule]))).toEqual({ "gpl.ts": "licence", "off.ts": "marker-midtrain" });
  expect(manifest.notes.join(" ")).toContain("1 file is under MIT, which corpus.licences.warn names: mit.ts.");
});
