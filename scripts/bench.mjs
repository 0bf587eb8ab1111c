/** `npm run bench`: the benchmarks of bench/, each in a process of its own. The table goes to stderr, one JSON document to stdout. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { bundleForNode } from "./node-bundle.mjs";
import { ensureInstalled, root } from "./setup.mjs";

ensureInstalled();

const benches = [
  { name: "executor", entry: "executor", args: [] },
  { name: "tokenizer", entry: "tokenizer", args: [] },
  { name: "fragmentation, this repository", entry: "fragmentation", args: [root] },
  { name: "harvest, this repository", entry: "harvest", args: [root] },
  { name: "harvest, typescript without git", entry: "harvest", args: [join(root, "node_modules", "typescript"), "--copy"] },
  { name: "secrets, in installed packages", entry: "secrets", args: ["bench", "12", "-", join(root, "node_modules")] },
].filter(({ entry }) => existsSync(join(root, "bench", `${entry}.ts`)));

/** Benchmarks that need a place: `npm run bench -- incremental DIR`. */
const [asked, ...given] = process.argv.slice(2);
const onRequest = {
  tokenizer: { name: "tokenizer", entry: "tokenizer", args: given },
  fragmentation: { name: "fragmentation", entry: "fragmentation", args: given },
  sample: { name: "sample of a corpus, to be read", entry: "corpus-sample", args: given },
  "torch-peers": { name: "torch executor beside its peers", entry: "torch/peers", args: given },
  incremental: { name: "incremental harvest", entry: "incremental-harvest", args: given },
  harvest: { name: "harvest, whole process", entry: "harvest-process", args: given },
  "near-duplicates": { name: "near duplicates", entry: "near-duplicates", args: given },
};
if (asked !== undefined && onRequest[asked] === undefined) {
  process.stderr.write(`bench       there is no benchmark called ${asked}; on request there are ${Object.keys(onRequest).join(", ")}\n`);
  process.exit(1);
}
const chosen = asked === undefined ? benches : [onRequest[asked]];

const bundled = (entry) => bundleForNode(join("bench", `${entry}.ts`), join(".cache", "bench", `${entry}.cjs`));

async function figuresOf({ name, entry, args }) {
  const run = spawnSync(process.execPath, [await bundled(entry), ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  if (run.status !== 0) {
    process.stderr.write(`bench       ${name} failed\n`);
    process.exitCode = 1;
    return [];
  }
  return JSON.parse(run.stdout).map((figure) => ({ bench: name, ...figure }));
}

/** The extension logs how long its activation took; the end-to-end run keeps the logs. */
function activationFigures() {
  const results = join(root, "test-results");
  if (!existsSync(results)) return [];
  const logs = readdirSync(results, { recursive: true }).filter((name) => name.endsWith(".log"));
  return logs
    .flatMap((name) => [...readFileSync(join(results, name), "utf8").matchAll(/activated in (\d+(?:\.\d+)?) ms/g)])
    .map((found) => ({ bench: "activation", figure: "extension", value: Number(found[1]), unit: "ms" }));
}

const load = loadavg()[0];
const machine = { node: process.version, cpu: cpus()[0]?.model ?? "unknown", threads: availableParallelism(), loadAtStart: load };
process.stderr.write(`bench       Node ${machine.node}, ${machine.cpu}, ${machine.threads} threads, load ${load.toFixed(2)} at start\n`);
if (load > 1) process.stderr.write("bench       other work is running: the rates are too low by an unknown amount\n");
const figures = [];
for (const bench of chosen) figures.push(...(await figuresOf(bench)));
figures.push(...activationFigures());
for (const { bench, figure, value, unit } of figures) {
  const shown = value < 100 ? value.toFixed(1) : Math.round(value).toString();
  process.stderr.write(`${bench.padEnd(34)}${figure.padEnd(32)}${shown.padStart(12)} ${unit}\n`);
}
process.stdout.write(`${JSON.stringify({ machine, figures }, undefined, 2)}\n`);
