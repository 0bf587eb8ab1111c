/**
 * The kernel of a harvest: scripts/kernel/ (AssemblyScript) as a WebAssembly module in .cache/text-kernel.mjs.
 * It is compiled where it is needed (build, check, tests) and never committed.
 */
import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const kernel = join(root, "scripts", "kernel");
const sources = readdirSync(kernel)
  .sort()
  .map((name) => join(kernel, name));
const compiler = join(root, "node_modules", "assemblyscript");
const flags = ["-O3", "--converge", "--noAssert", "--runtime", "stub", "--importMemory", "--enable", "simd"];

/** Compiles when the source, the compiler or this script changed. */
export function ensureTextKernel() {
  const file = join(root, ".cache", "text-kernel.mjs");
  const inputs = [...sources, join(compiler, "package.json"), fileURLToPath(import.meta.url)];
  const stamp = createHash("sha256")
    .update(inputs.map((name) => readFileSync(name, "utf8")).join("\0"))
    .digest("hex")
    .slice(0, 16);
  const firstLine = `// ${stamp}\n`;
  if (existsSync(file) && readFileSync(file, "utf8").startsWith(firstLine)) return;
  mkdirSync(dirname(file), { recursive: true });
  const making = `${file}.${process.pid}`;
  const args = [
    join(compiler, "bin", "asc.js"),
    relative(root, join(kernel, "text-kernel.ts")),
    "--outFile",
    relative(root, `${making}.wasm`),
    ...flags,
  ];
  const result = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  if (result.status !== 0) throw new Error(`The kernel does not compile:\n${result.stderr}${result.stdout}`);
  const module = readFileSync(`${making}.wasm`).toString("base64");
  writeFileSync(making, `${firstLine}export const textKernelModule = ${JSON.stringify(module)};\n`);
  renameSync(making, file);
  rmSync(`${making}.wasm`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureTextKernel();
