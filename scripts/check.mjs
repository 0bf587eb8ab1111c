/** `npm run check`: types, lint with import zones, unused code, formatting. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ensureInstalled, root } from "./setup.mjs";

ensureInstalled();
const bin = (name) => join(root, "node_modules", ".bin", name);
const steps = [
  ...["protocol", "server", "extension", "webview", "test"].map((part) => [`types ${part}`, bin("tsc"), ["-p", part]]),
  ["lint", bin("eslint"), ["--max-warnings", "0", "."]],
  ["unused code", bin("knip"), []],
  ["format", bin("prettier"), ["--check", "--log-level", "warn", "."]],
];
let failed = 0;
for (const [name, program, args] of steps) {
  const started = Date.now();
  const result = spawnSync(program, args, { cwd: root, stdio: "inherit", shell: process.platform === "win32" });
  if (result.status !== 0) failed++;
  process.stderr.write(
    `check       ${name}: ${result.status === 0 ? "clean" : "NOT CLEAN"} (${((Date.now() - started) / 1000).toFixed(0)} s)\n`,
  );
}
process.exit(failed === 0 ? 0 : 1);
