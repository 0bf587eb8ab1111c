/**
 * `npm run bench:gpu [-- --minutes 9] [--cpu]`: the torch executor on this machine's GPU. Conformance in both precisions, the leak test on the
 * attention path that was chosen, and tokens per second and peak memory for models with random weights, beside a bare loop on transformers
 * and HF Trainer. A table on stderr, one JSON document on stdout. Without a GPU it says so and measures nothing; --cpu runs every part at
 * toy sizes instead, to see that the command works.
 *
 * Python: MIDTRAIN_PYTHON; else the environment of `npm run test:torch`; else .cache/gpu-env, made from trainer/requirements.txt.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { bundleForNode } from "./node-bundle.mjs";
import { ensureInstalled, fail, root } from "./setup.mjs";

const onCpu = process.argv.includes("--cpu");
const minutes = Number(process.argv[process.argv.indexOf("--minutes") + 1]) || 9;
const deadline = Date.now() + minutes * 60_000;
const bin = (place, name) => (process.platform === "win32" ? join(place, "Scripts", `${name}.exe`) : join(place, "bin", name));
const say = (text) => process.stderr.write(`${text}\n`);

const qwen = { vocab_size: 151936, max_position_embeddings: 8192, tie_word_embeddings: true };
const shape = (hidden_size, intermediate_size, num_hidden_layers, num_attention_heads, num_key_value_heads, more = qwen) => ({
  ...more,
  ...{ hidden_size, intermediate_size, num_hidden_layers, num_attention_heads, num_key_value_heads },
});
/** By importance: what the minutes do not reach is named, not guessed. */
const cases = onCpu
  ? [{ name: "toy", config: shape(32, 64, 2, 4, 2, { ...qwen, vocab_size: 512 }), rowLength: 64, rows: 4, compiles: true }]
  : [
      { name: "1.5B", config: shape(1536, 8960, 28, 12, 2), rowLength: 4096, rows: 8, compiles: true },
      { name: "0.5B", config: shape(896, 4864, 24, 14, 2), rowLength: 4096, rows: 8, compiles: true },
      { name: "0.1B", config: shape(768, 2048, 12, 12, 4, { ...qwen, vocab_size: 32768 }), rowLength: 1024, rows: 64 },
      { name: "3B", config: shape(2048, 11008, 36, 16, 2), rowLength: 4096, rows: 8 },
      { name: "0.5B", config: shape(896, 4864, 24, 14, 2), rowLength: 1024, rows: 32 },
      { name: "0.1B", config: shape(768, 2048, 12, 12, 4, { ...qwen, vocab_size: 32768 }), rowLength: 4096, rows: 16 },
    ];

function nothingMeasured(why) {
  say(`bench:gpu   no GPU: nothing measured (${why}; --cpu runs every part at toy sizes)`);
  process.stdout.write(`${JSON.stringify({ gpu: null, conformance: [], figures: [] })}\n`);
  process.exit(0);
}

function hasDriver() {
  return spawnSync("nvidia-smi", ["-L"], { stdio: "ignore" }).status === 0;
}

function pythonOf() {
  const chosen = process.env["MIDTRAIN_PYTHON"];
  if (chosen) return chosen;
  const [tests, own] = ["torch-env", "gpu-env"].map((name) => bin(join(root, ".cache", name), "python"));
  if (existsSync(tests)) return tests;
  if (existsSync(own)) return own;
  // Six GB are not fetched for a machine that cannot use them.
  if (!onCpu && !hasDriver()) nothingMeasured("nvidia-smi finds none");
  return install(join(root, ".cache", "gpu-env"));
}

function install(place) {
  const python = ["python3.12", "python3.13", "python3.11", "python3"].find(
    (name) => spawnSync(name, ["-c", "import sys; sys.exit(sys.version_info < (3, 11))"], { stdio: "ignore" }).status === 0,
  );
  if (python === undefined) fail("The torch executor needs Python 3.11 or newer.", "Install it, or name one in MIDTRAIN_PYTHON.");
  say("bench:gpu   making the Python environment in .cache/gpu-env (about 6 GB; once)");
  const lock = join(root, "trainer", "requirements.txt");
  const run = (program, ...args) => spawnSync(program, args, { stdio: ["ignore", 2, 2] }).status === 0;
  const made = run(python, "-m", "venv", place) && run(bin(place, "python"), "-m", "pip", "install", "-q", "--require-hashes", "-r", lock);
  if (made) return bin(place, "python");
  rmSync(place, { recursive: true, force: true });
  return fail("The Python environment could not be made.", "Read the messages above, or name an interpreter in MIDTRAIN_PYTHON.");
}

const python = pythonOf();
const environment = {
  ...process.env,
  MIDTRAIN_PYTHON: python,
  HF_HUB_OFFLINE: "1",
  TRANSFORMERS_OFFLINE: "1",
  PYTHONDONTWRITEBYTECODE: "1",
};
const peers = join(root, "bench", "torch", "gpu_peers.py");

/** The JSON on the last line that a program prints, or what went wrong. */
function asked(program, args) {
  const left = Math.max(1000, deadline - Date.now());
  const run = spawnSync(program, args, { cwd: root, encoding: "utf8", env: environment, timeout: left, maxBuffer: 2 ** 28 });
  if (run.status === 0) return JSON.parse(run.stdout.trim().split("\n").at(-1));
  const words = run.error?.code === "ETIMEDOUT" ? "the minutes were over" : run.stderr.trim().split("\n").at(-1)?.slice(0, 200);
  return { failed: words || `it ended with ${run.status ?? run.signal}` };
}

/** By precision, how many tests pass, and the names of those that do not. */
function conformance(place) {
  const report = join(place, "conformance.json");
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const args = [vitest, "run", "--config", "vitest.gpu.config.ts", "--reporter=json", `--outputFile=${report}`];
  const env = { ...environment, MIDTRAIN_BENCH_DEVICE: onCpu ? "cpu" : "cuda" };
  const left = Math.max(1000, Math.min(deadline - Date.now(), 240_000));
  spawnSync(process.execPath, args, { cwd: root, env, stdio: ["ignore", 2, 2], timeout: left });
  if (!existsSync(report)) return [{ failed: "the suite did not come to an end" }];
  const tests = JSON.parse(readFileSync(report, "utf8")).testResults.flatMap((file) => file.assertionResults);
  return ["fp32", "bf16"].map((precision) => {
    const own = tests.filter((test) => test.fullName.includes(`, ${precision}:`));
    const failing = own.filter((test) => test.status !== "passed").map((test) => test.fullName.replace(/^.*conformance /, ""));
    return { precision, passed: own.length - failing.length, of: own.length, failing };
  });
}

function modelOf(place, { name, config }) {
  const directory = join(place, name);
  if (existsSync(join(directory, "config.json"))) return directory;
  for (const other of cases) if (other.name !== name) rmSync(join(place, other.name), { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const run = spawnSync(python, [peers, "model", directory, JSON.stringify(config)], { env: environment, stdio: ["ignore", 2, 2] });
  return run.status === 0 ? directory : undefined;
}

/** Floating-point operations per token of a step (6 per parameter and for attention within a row), a share of the card's dense bf16 peak. */
function shareOfPeak(gpu, { config, rowLength }, { parameters, whole }) {
  const peak = /H100|H200/.test(gpu.name ?? "") ? 989e12 : /A100/.test(gpu.name ?? "") ? 312e12 : undefined;
  if (peak === undefined || whole === undefined) return undefined;
  const attention = 6 * config.num_hidden_layers * config.hidden_size * rowLength;
  return (whole * (6 * parameters + attention)) / peak;
}

function measured(gpu, each, place, bundle) {
  const about = { model: each.name, rowLength: each.rowLength, rows: each.rows };
  if (Date.now() > deadline - 20_000) return { ...about, failed: "the minutes were over" };
  const model = modelOf(place, each);
  if (model === undefined) return { ...about, failed: "the model could not be made" };
  say(`bench:gpu   ${each.name}, rows of ${each.rowLength}`);
  const shapes = [model, String(each.rowLength), String(each.rows)];
  const micro = String(Math.max(1, Math.min(each.rows, Math.floor((onCpu ? 256 : 16_384) / each.rowLength))));
  const device = onCpu ? "cpu" : "cuda";
  const midtrain = asked(process.execPath, [bundle, ...shapes, device, "bf16", ...(each.compiles ? ["compile"] : [])]);
  return {
    ...about,
    midtrain: { ...midtrain, shareOfPeak: shareOfPeak(gpu, each, midtrain) },
    bare: asked(python, [peers, "bare", ...shapes, micro]),
    trainer: asked(python, [peers, "trainer", ...shapes, micro]),
  };
}

const cell = (value) => (typeof value === "number" ? Math.round(value).toString() : "-").padStart(10);
const gigabytes = (value) => (typeof value === "number" ? (value / 2 ** 30).toFixed(1) : "-").padStart(7);

function showTable(figures) {
  say(
    `\n${"tokens/s".padEnd(18)}  Midtrain  compiled packed docs   with KL bare loop HF Trainer   GiB   bare    HF  of peak  save s  leak`,
  );
  for (const { model, rowLength, failed, midtrain = {}, bare = {}, trainer = {} } of figures) {
    const name = `${model}, ${rowLength}`.padEnd(18);
    if (failed) {
      say(`${name}  not measured: ${failed}`);
      continue;
    }
    const rates = [midtrain.whole, midtrain.compiled, midtrain.documents, midtrain.withKl, bare.tokensPerSecond, trainer.tokensPerSecond]
      .map(cell)
      .join(" ");
    const peaks = [midtrain.peakBytes, bare.peakBytes, trainer.peakBytes].map(gigabytes).join("");
    const share = midtrain.shareOfPeak === undefined ? "-" : `${(midtrain.shareOfPeak * 100).toFixed(0)} %`;
    const leak = midtrain.leak === undefined ? "-" : midtrain.leak.passed ? `0, ${midtrain.attention}` : "LEAKS";
    say(`${name}${rates} ${peaks} ${share.padStart(8)} ${midtrain.saveSeconds?.toFixed(1).padStart(7) ?? "      -"}  ${leak}`);
    for (const [arm, { failed: why }] of Object.entries({ midtrain, bare, trainer })) if (why) say(`${"".padEnd(18)}  ${arm}: ${why}`);
  }
}

ensureInstalled();
const gpu = asked(python, [peers, "gpu"]);
if (gpu.failed)
  fail(`${python} cannot be asked for its GPU: ${gpu.failed}`, "Name a Python that has trainer/requirements.txt in MIDTRAIN_PYTHON.");
if (!gpu.found && !onCpu) nothingMeasured(`torch ${gpu.torch} sees none`);
const place = mkdtempSync(join(tmpdir(), "midtrain-bench-gpu-"));
try {
  say(
    `bench:gpu   ${gpu.found ? gpu.name : "CPU, toy sizes"}, torch ${gpu.torch}, ${availableParallelism()} threads, at most ${minutes} min`,
  );
  const bundle = await bundleForNode("bench/torch/gpu.ts", ".cache/bench/torch/gpu.cjs");
  const suites = conformance(place);
  for (const { precision, passed, of, failing, failed } of suites) {
    say(
      failed
        ? `conformance ${failed}`
        : `conformance ${precision}: ${passed} of ${of} pass${failing.map((name) => `\n            not: ${name}`).join("")}`,
    );
  }
  const figures = cases.map((each) => measured(gpu, each, place, bundle));
  showTable(figures);
  process.stdout.write(`${JSON.stringify({ gpu, conformance: suites, figures }, undefined, 2)}\n`);
  const leaks = figures.some(({ midtrain }) => midtrain?.leak?.passed === false);
  process.exitCode = leaks || suites.some(({ precision, passed, of }) => precision === "fp32" && passed < of) ? 1 : 0;
} finally {
  rmSync(place, { recursive: true, force: true });
}
