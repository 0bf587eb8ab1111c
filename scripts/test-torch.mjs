/**
 * `npm run test:torch`: the torch executor's tests. Makes their Python environment once, in .cache/torch-env (about 6 GB on Linux, a few
 * minutes), from the hashed lock; then lint and tests of the worker, then its TypeScript side, the chain, and a run from the palette of the
 * browser workbench.
 *   --quick   without the whole chain and the killed runs, which take many minutes each; where the environment cannot be made,
 *             says what is left out and why instead of failing
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { packageFor } from "./package.mjs";
import { fail, root } from "./setup.mjs";
import { ensureWorkbench } from "./workbench-setup.mjs";

const trainer = join(root, "trainer");
const place = join(root, ".cache", "torch-env");
const bin = (name) => (process.platform === "win32" ? join(place, "Scripts", `${name}.exe`) : join(place, "bin", name));
const locks = ["requirements.txt", "requirements-dev.txt"].map((name) => join(trainer, name));
const marker = join(place, "locks.txt");
const wanted = locks.map((file) => readFileSync(file, "utf8")).join("");

function run(program, args, options = {}) {
  return spawnSync(program, args, { cwd: root, stdio: "inherit", ...options }).status === 0;
}

const quick = process.argv.includes("--quick");
const slow = ["server/src/training/torch-chain.torch.test.ts", "test/crash/torch-kill.torch.test.ts"];

/** A machine without Python, disk or index is no fault of the executor's. */
function unavailable(message, next) {
  if (!quick) fail(message, next);
  process.stdout.write(`left out    all tests of the torch executor: ${message} ${next}\n`);
  process.exit(0);
}

function systemPython() {
  const names = process.env["MIDTRAIN_TEST_PYTHON"]
    ? [process.env["MIDTRAIN_TEST_PYTHON"]]
    : ["python3.12", "python3.13", "python3.11", "python3"];
  const ask = "import sys; sys.exit(sys.version_info < (3, 11))";
  const found = names.find((name) => spawnSync(name, ["-c", ask], { stdio: "ignore" }).status === 0);
  return found ?? unavailable("The torch tests need Python 3.11 or newer.", "Install it, or name one in MIDTRAIN_TEST_PYTHON.");
}

/** Made anew when the locks changed: an environment is what they say, nothing left over. */
function ensureEnvironment() {
  if (existsSync(marker) && readFileSync(marker, "utf8") === wanted) return;
  const python = systemPython();
  process.stderr.write("test:torch  making the Python environment in .cache/torch-env (about 6 GB on Linux; once)\n");
  rmSync(place, { recursive: true, force: true });
  const made =
    run(python, ["-m", "venv", place]) &&
    run(bin("python"), ["-m", "pip", "install", "-q", "uv"]) &&
    run(bin("uv"), ["pip", "install", "-q", "--python", bin("python"), "--require-hashes", ...locks.flatMap((file) => ["-r", file])]);
  if (!made) unavailable("The Python environment could not be made.", "Read the messages above; the next npm run test:torch begins again.");
  writeFileSync(marker, wanted);
}

ensureEnvironment();
ensureWorkbench();
await build();
await packageFor("linux-x64");
const environment = { ...process.env, OMP_NUM_THREADS: "1", OMP_WAIT_POLICY: "PASSIVE", PYTHONDONTWRITEBYTECODE: "1" };
const left = quick ? slow.flatMap((file) => ["--exclude", file]) : [];
const parts = [
  ["worker: lint", bin("ruff"), ["check", "--no-cache", "."], { cwd: trainer }],
  ["worker: format", bin("ruff"), ["format", "--no-cache", "--check", "."], { cwd: trainer }],
  ["worker: tests", bin("python"), ["-m", "pytest", "-q", "-p", "no:cacheprovider"], { cwd: trainer, env: environment }],
  [
    "executor and chain",
    process.execPath,
    [join(root, "node_modules", "vitest", "vitest.mjs"), "run", "--config", "vitest.torch.config.ts", ...left],
    { env: { ...environment, MIDTRAIN_PYTHON: bin("python") } },
  ],
];
// The GPU's own command, so that it is whole when there is a GPU to run it on.
if (!quick)
  parts.push(["bench:gpu at toy sizes", process.execPath, [join(root, "scripts", "bench-gpu.mjs"), "--cpu"], { env: parts.at(-1)[3].env }]);
const failed = parts.filter(([, program, args, options]) => !run(program, args, options)).map(([name]) => name);
if (quick) process.stdout.write(`left out    ${slow.join(", ")}, bench:gpu at toy sizes (--quick)\n`);
for (const [name] of parts) process.stdout.write(`test:torch  ${name}: ${failed.includes(name) ? "FAILED" : "passed"}\n`);
process.exit(failed.length === 0 ? 0 : 1);
