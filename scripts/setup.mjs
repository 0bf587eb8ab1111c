/** Set-up of a fresh clone: checks Node and git, installs the locked packages. Plain Node, no dependencies. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureLinguistTables } from "./linguist-tables.mjs";
import { ensureTextKernel } from "./text-kernel.mjs";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

export function fail(message, next) {
  process.stderr.write(`\n${message}\n${next ? `${next}\n` : ""}`);
  process.exit(1);
}

/** Runs a program without a shell; stops the script when it fails. */
export function run(program, args, options = {}) {
  const result = spawnSync(program, args, { cwd: root, stdio: "inherit", ...options });
  if (result.error?.code === "ENOENT") fail(`${program} was not found.`, `Install ${program} and run the same command again.`);
  if (result.status !== 0 && !options.allowFailure) process.exit(result.status ?? 1);
  return result;
}

function checkPrograms() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 20) fail(`Node ${process.versions.node} is too old.`, "Install Node 20 or newer and run the same command again.");
  if (spawnSync("git", ["--version"]).error) fail("git was not found.", "Install git and run the same command again.");
}

/** Installs node_modules as the lock file says, once per lock file, and makes what is made of it. */
export function ensureInstalled() {
  checkPrograms();
  install();
  ensureLinguistTables();
  ensureTextKernel();
}

function install() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const stamp = join(root, ".cache", "installed");
  const present = existsSync(join(root, "node_modules", "esbuild"));
  if (present && existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  // npm would empty the directory that a link leads to, which belongs to another checkout.
  if (present && lstatSync(join(root, "node_modules")).isSymbolicLink()) return;
  process.stderr.write("set-up      installing packages (about 20 s, once)\n");
  // No package's install script runs: the only one that would matter (onnxruntime-node) downloads GPU libraries that are not used.
  run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" },
  });
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, lock);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureInstalled();
