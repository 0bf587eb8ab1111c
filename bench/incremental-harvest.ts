import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { hashOf, sha256 } from "../server/src/platform/hash";
import { seededRandom, type Random } from "../server/src/platform/random";
import { printFigures, type Figure } from "./figures";

/**
 * The command line's harvest after a change, as a whole process, against a cold one of the same tree into another directory: wall seconds, CPU seconds, and
 * whether the bytes are the same. Works on a clone of its own that shares the objects.
 * Arguments: a git repository; `--no-compare` leaves the cold runs out; `--cli FILE` names the built command line; a seed.
 */

interface Run {
  readonly corpus: string;
  readonly wall: number;
  readonly cpu: number;
}

interface Tree {
  readonly directory: string;
  readonly random: Random;
  /** Paths that stayed in the corpus on their own, and the survivor of the largest cluster. */
  readonly kept: readonly string[];
  readonly survivor: string | undefined;
}

function git(directory: string, ...args: string[]): string {
  return execFileSync("git", args, { cwd: directory, encoding: "utf8", maxBuffer: 1 << 28 });
}

function run(cli: string, directory: string, out: string): Run {
  const started = performance.now();
  // Node does not tell what a child used; the shell that waits for it does.
  const script = '"$0" "$1" harvest "$2" --out "$3" --json --quiet --seed 1 > "$3.json" && times';
  const times = execFileSync("bash", ["-c", script, process.execPath, cli, directory, out], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  const wall = (performance.now() - started) / 1000;
  const children = times.trim().split("\n").at(-1) ?? "";
  const cpu = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds),
    0,
  );
  return { corpus: (JSON.parse(readFileSync(`${out}.json`, "utf8")) as { directory: string }).directory, wall, cpu };
}

/** Hash of every file of a corpus, but for the wall clock in its manifest. */
function bytesOf(corpus: string): string {
  const files = readdirSync(corpus, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const named = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return hashOf(
    named.map((file) => {
      const name = file.slice(corpus.length);
      return [name, name === "/manifest.json" ? readFileSync(file, "utf8").replace(/"seconds": [\d.]+/, "") : sha256(readFileSync(file))];
    }),
  );
}

function linesOf<T>(file: string): T[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as T);
}

function treeOf(directory: string, corpus: string, random: Random): Tree {
  const clusters = linesOf<{ survivor: string; removed: unknown[] }>(join(corpus, "clusters.jsonl"));
  const out = new Set([
    ...linesOf<{ path: string }>(join(corpus, "rejects.jsonl")).map(({ path }) => path),
    ...clusters.map((c) => c.survivor),
  ]);
  const tracked = git(directory, "ls-files", "-z").split("\0");
  const kept = tracked.filter((path) => path !== "" && !out.has(path) && existsSync(join(directory, path)));
  const largest = [...clusters].sort((a, b) => b.removed.length - a.removed.length)[0];
  return { directory, random, kept, survivor: largest?.survivor };
}

const addition = (random: Random): string => `\nan added line, number ${random.int(1_000_000)}\n`;

function append({ directory, random }: Tree, path: string): void {
  appendFileSync(join(directory, path), addition(random));
}

const branchFiles = 200;

/** Each changes the tree as the one before left it. */
const cases: readonly { readonly name: string; readonly change: (tree: Tree) => void }[] = [
  { name: "kept file edited", change: (tree) => append(tree, tree.random.pick(tree.kept)) },
  { name: "another kept file edited", change: (tree) => append(tree, tree.random.pick(tree.kept)) },
  { name: "survivor of the largest cluster edited", change: (tree) => append(tree, tree.survivor ?? tree.random.pick(tree.kept)) },
  {
    name: "survivor of the largest cluster rewritten",
    change: (tree) => {
      const words = Array.from({ length: 400 }, () => `word${tree.random.int(1_000_000)}`);
      writeFileSync(join(tree.directory, tree.survivor ?? tree.random.pick(tree.kept)), `${words.join(" ")}\n`);
    },
  },
  {
    name: "file renamed",
    change: ({ directory, random, kept }) => {
      const path = random.pick(kept);
      const to = join(directory, "renamed", path);
      mkdirSync(dirname(to), { recursive: true });
      renameSync(join(directory, path), to);
      git(directory, "add", "-A", "--", path, `renamed/${path}`);
    },
  },
  {
    name: "file deleted",
    change: ({ directory, random, kept }) => {
      const path = random.pick(kept);
      rmSync(join(directory, path), { force: true });
      git(directory, "add", "-A", "--", path);
    },
  },
  {
    name: ".gitattributes changed",
    change: ({ directory, random, kept }) =>
      appendFileSync(join(directory, ".gitattributes"), `/${dirname(random.pick(kept))}/* linguist-generated\n`),
  },
  {
    name: `branch with ${branchFiles} other files`,
    change: (tree) => {
      git(tree.directory, "checkout", "-q", "-b", "bench-branch");
      const present = tree.random.shuffle([...tree.kept]).filter((path) => existsSync(join(tree.directory, path)));
      for (const path of present.slice(0, branchFiles)) append(tree, path);
      git(tree.directory, "-c", "user.name=bench", "-c", "user.email=bench@localhost", "commit", "-q", "-a", "-m", "bench");
    },
  },
  { name: "back to the first branch", change: ({ directory }) => git(directory, "checkout", "-q", "-") },
];

function main(): void {
  const [source, ...options] = process.argv.slice(2);
  if (source === undefined) throw new Error("Name a git repository.");
  const cli = options.includes("--cli") ? options[options.indexOf("--cli") + 1]! : join(process.cwd(), "dist", "midtrain.js");
  const seed = Number(options.find((option) => /^\d+$/.test(option)) ?? 1);
  const place = mkdtempSync(join(tmpdir(), "midtrain-bench-"));
  const figures: Figure[] = [];
  try {
    const directory = join(place, "clone");
    execFileSync("git", ["clone", "-q", "--shared", source, directory]);
    const cold = run(cli, directory, join(place, "warm"));
    figures.push({ figure: "cold, wall", value: cold.wall, unit: "s" }, { figure: "cold, CPU", value: cold.cpu, unit: "s" });
    const tree = treeOf(directory, cold.corpus, seededRandom("incremental-bench", seed));
    for (const { name, change } of cases) {
      change(tree);
      const warm = run(cli, directory, join(place, "warm"));
      figures.push({ figure: `${name}, wall`, value: warm.wall, unit: "s" }, { figure: `${name}, CPU`, value: warm.cpu, unit: "s" });
      if (options.includes("--no-compare")) continue;
      const again = run(cli, directory, join(place, "cold"));
      figures.push({ figure: `${name}, same bytes as cold`, value: bytesOf(warm.corpus) === bytesOf(again.corpus) ? 1 : 0, unit: "" });
      rmSync(join(place, "cold"), { recursive: true, force: true });
    }
    printFigures(figures);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

main();
