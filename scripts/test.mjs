/**
 * `npm test`: sets up what it needs, builds, packages, runs unit, language-server, executor, crash and
 * end-to-end tests, names every skipped test and closes with one total line.
 *   --unit   without the browser workbench        --e2e   only the workbench tests
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { packageFor } from "./package.mjs";
import { root } from "./setup.mjs";
import { ensureWorkbench } from "./workbench-setup.mjs";

const unit = !process.argv.includes("--e2e");
const endToEnd = !process.argv.includes("--unit");
const results = join(root, ".cache", "test");

function vitest(name, config) {
  const output = join(results, `${name}.json`);
  const bin = join(root, "node_modules", "vitest", "vitest.mjs");
  const run = spawnSync(
    process.execPath,
    [bin, "run", "--config", config, "--reporter=default", "--reporter=json", `--outputFile.json=${output}`],
    { cwd: root, stdio: "inherit" },
  );
  if (!existsSync(output)) return { name, crashed: true, passed: 0, failed: 1, skipped: [] };
  const report = JSON.parse(readFileSync(output, "utf8"));
  const tests = report.testResults.flatMap((file) => file.assertionResults.map((test) => ({ ...test, file: file.name })));
  const failedFiles = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0).length;
  const failed = tests.filter((test) => test.status === "failed").length + failedFiles;
  return {
    name,
    passed: tests.filter((test) => test.status === "passed").length,
    // A run that vitest itself calls failed (an unhandled error, say) must not pass because no single test did.
    failed: failed === 0 && run.status !== 0 ? 1 : failed,
    skipped: tests.filter((test) => test.status !== "passed" && test.status !== "failed").map((test) => test.fullName.trim()),
  };
}

/** Skips are named; in CI one that is not on the list fails the run. */
function checkSkips(skipped) {
  const allowed = JSON.parse(readFileSync(join(root, "test", "allowed-skips.json"), "utf8"));
  for (const name of skipped) process.stdout.write(`skipped     ${name}\n`);
  const surprising = skipped.filter((name) => !allowed.some((entry) => name.includes(entry.contains)));
  if (surprising.length > 0) process.stdout.write(`\n${surprising.length} skipped tests are not on test/allowed-skips.json.\n`);
  return process.env["CI"] ? surprising.length : 0;
}

if (endToEnd) ensureWorkbench();
await build();
if (endToEnd) for (const target of ["linux-x64", "universal"]) await packageFor(target);
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const parts = [];
if (unit) parts.push(vitest("unit", "vitest.config.ts"));
if (endToEnd) parts.push(vitest("end-to-end", "vitest.e2e.config.ts"));

const skipped = parts.flatMap((part) => part.skipped);
const sum = (key) => parts.reduce((total, part) => total + part[key], 0);
const failed = sum("failed") + checkSkips(skipped);
process.stdout.write("left out    the torch executor's tests, which need Python (npm run test:torch)\n");
if (!endToEnd) process.stdout.write("left out    the end-to-end tests in the browser workbench (--unit)\n");
for (const part of parts)
  process.stdout.write(`${part.name.padEnd(12)}${part.passed} passed, ${part.failed} failed, ${part.skipped.length} skipped\n`);
process.stdout.write(`\n${sum("passed")} passed, ${failed} failed, ${skipped.length} skipped\n`);
process.exit(failed === 0 ? 0 : 1);
