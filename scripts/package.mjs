/**
 * `npm run package`: the .vsix for linux-x64 (with the native part) and a universal one without it, a table of
 * what each part weighs, and the size budget.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "./build.mjs";
import { fail, root, run } from "./setup.mjs";

/** Megabytes of 1,000,000 bytes, packed. */
const budgets = { "linux-x64": 32, universal: 12 };

export const vsixFile = (target) =>
  join(root, ".cache", "package", target === "universal" ? "midtrain-universal.vsix" : `midtrain-${target}.vsix`);

/** Packages one target from dist/ as it is. */
export async function packageFor(target) {
  run(process.execPath, [join(root, "scripts", "notices.mjs"), "--check-or-write"]);
  const out = vsixFile(target);
  mkdirSync(join(root, ".cache", "package"), { recursive: true });
  const ignore = join(root, ".cache", "package", `vscodeignore-${target}`);
  const allow = readFileSync(join(root, ".vscodeignore"), "utf8");
  // In this format a negation wins over every other line, so the universal package leaves the allowing line out.
  writeFileSync(ignore, target === "universal" ? allow.replace("!dist/native/**\n", "") : allow);
  if (target !== "universal" && !existsSync(join(root, "dist", "native")))
    fail(`There is no native part for ${target} in dist/.`, "Run this on a machine of that platform.");
  const vsce = join(root, "node_modules", "@vscode", "vsce", "vsce");
  const args = [
    vsce,
    "package",
    "--no-dependencies",
    "--allow-missing-repository",
    "--no-rewrite-relative-links",
    "--ignoreFile",
    relative(root, ignore),
    "--out",
    out,
  ];
  if (target !== "universal") args.push("--target", target);
  const result = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  if (result.status !== 0) fail(`Packaging ${target} failed.`, `${result.stdout}\n${result.stderr}`.trim());
  const megabytes = statSync(out).size / 1e6;
  process.stderr.write(`package     ${relative(root, out)}: ${megabytes.toFixed(1)} MB of at most ${budgets[target]} MB\n`);
  if (megabytes > budgets[target]) fail(`The ${target} package is larger than its budget.`, "See the table for what grew.");
  return out;
}

function bytesBelow(path) {
  if (!existsSync(path)) return 0;
  const status = statSync(path);
  return status.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + bytesBelow(join(path, name)), 0) : status.size;
}

function table() {
  const parts = [
    ...[
      "extension.js",
      "lsp.js",
      "midtrain.js",
      "run.js",
      "engine-worker.js",
      "executor-worker.js",
      "webview.js",
      "harvest-worker.js",
      "fragmentation-worker.js",
      "encoders",
      "grammars",
      "native",
    ].map((name) => `dist/${name}`),
    ...["media/base", "media/suites"],
  ];
  for (const part of parts)
    process.stdout.write(`${part.padEnd(26)}${(bytesBelow(join(root, part)) / 1e6).toFixed(2).padStart(8)} MB unpacked\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build();
  table();
  if (process.platform === "linux" && process.arch === "x64") await packageFor("linux-x64");
  else process.stderr.write("package     the linux-x64 package needs a linux-x64 machine; only the universal one is made here\n");
  await packageFor("universal");
}
