/**
 * `npm run build`: installs what is missing and bundles everything into dist/. One table, one bundle a line.
 * Built aside and moved in file by file, so that a run or a test that starts meanwhile always finds every file, whole.
 */
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleForNode, node } from "./node-bundle.mjs";
import { ensureInstalled, fail, root } from "./setup.mjs";

const dist = join(root, "dist");
/** On the same file system as dist/, so that a rename is one step. */
const aside = join(root, ".cache", `dist-${process.pid}`);
const browser = { platform: "browser", target: "es2022", format: "iife" };

const bundles = [
  ["server/src/cli.ts", "midtrain.js", node],
  ["server/src/run.ts", "run.js", node],
  ["server/src/lsp.ts", "lsp.js", node],
  ["server/src/features/engine-worker.ts", "engine-worker.js", node],
  ["server/src/corpus/reading/harvest-worker.ts", "harvest-worker.js", node],
  ["server/src/identifiers/scan/fragmentation-worker.ts", "fragmentation-worker.js", node],
  ["server/src/executors/executor-worker.ts", "executor-worker.js", node],
  ["extension/src/extension.ts", "extension.js", node],
  ["webview/src/main.ts", "webview.js", browser],
];

/** Encodings whose rank data the product carries; others are read from the tiktoken package where it is installed. */
const encodings = ["o200k_base", "cl100k_base"];

async function bundle(esbuild, [entry, name, options]) {
  const result = await esbuild.build({
    ...options,
    entryPoints: [join(root, entry)],
    outfile: join(aside, name),
    bundle: true,
    minify: true,
    keepNames: true,
    sourcemap: false,
    legalComments: "none",
    metafile: true,
    loader: { ".css": "text", ".svg": "text", ".ttf": "dataurl" },
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false } },
    logLevel: "error",
  });
  return result.metafile;
}

/** The schema that completes midtrain.jsonc, from the same definition that checks it. */
async function writeConfigSchema() {
  const outfile = await bundleForNode("protocol/src/config-json-schema.ts", `.cache/config-json-schema-${process.pid}.cjs`);
  const { configJsonSchema } = createRequire(import.meta.url)(outfile);
  rmSync(outfile);
  writeFileSync(join(aside, "midtrain.schema.json"), JSON.stringify(configJsonSchema(), undefined, 2) + "\n");
}

/** onnxruntime-node and -common, pruned to this platform, as a small node_modules beside the bundles. */
function copyNativePart() {
  const from = join(root, "node_modules", "onnxruntime-node");
  const platform = join("bin", "napi-v6", process.platform, process.arch);
  const target = join(aside, "native", "node_modules");
  if (!existsSync(join(from, platform))) {
    process.stderr.write(`build       no native part for ${process.platform}-${process.arch}: training is not available in this build\n`);
    return;
  }
  for (const part of ["package.json", "LICENSE", "dist", platform]) {
    if (existsSync(join(from, part)))
      cpSync(join(from, part), join(target, "onnxruntime-node", part), { recursive: true, filter: notDeclarations });
  }
  const common = join(root, "node_modules", "onnxruntime-common");
  for (const part of ["package.json", "LICENSE", join("dist", "cjs")]) {
    if (existsSync(join(common, part)))
      cpSync(join(common, part), join(target, "onnxruntime-common", part), { recursive: true, filter: notDeclarations });
  }
}

const notDeclarations = (file) => !/\.(d\.ts|map)$/.test(file);

function copyEncodings() {
  for (const name of encodings)
    cpSync(join(root, "node_modules", "tiktoken", "encoders", `${name}.json`), join(aside, "encoders", `${name}.json`));
}

/** Languages whose syntax trees tell what kind of name a name is. */
const grammars = ["bash", "c-sharp", "cpp", "go", "java", "javascript", "php", "powershell", "python", "ruby", "rust", "tsx", "typescript"];

function copyGrammars() {
  const modules = join(root, "node_modules");
  for (const name of ["web-tree-sitter.cjs", "web-tree-sitter.wasm"])
    cpSync(join(modules, "web-tree-sitter", name), join(aside, "grammars", name));
  for (const name of grammars.map((grammar) => `tree-sitter-${grammar}.wasm`))
    cpSync(join(modules, "@vscode", "tree-sitter-wasm", "wasm", name), join(aside, "grammars", name));
}

function filesUnder(directory) {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(directory, join(entry.parentPath ?? entry.path, entry.name)));
}

/** Every file of `from` into `to` in one rename each, then away with what `to` had more. */
export function moveFiles(from, to) {
  const moved = new Set(filesUnder(from));
  for (const name of moved) {
    mkdirSync(dirname(join(to, name)), { recursive: true });
    renameSync(join(from, name), join(to, name));
  }
  for (const name of filesUnder(to)) if (!moved.has(name)) rmSync(join(to, name), { force: true });
}

export async function build() {
  ensureInstalled();
  const started = Date.now();
  const esbuild = await import("esbuild");
  mkdirSync(aside, { recursive: true });
  try {
    await buildAside(esbuild);
    moveFiles(aside, dist);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  const size = bundles.reduce((sum, [, name]) => sum + statSync(join(dist, name)).size, 0);
  process.stderr.write(
    `build       ${bundles.length} bundles, ${(size / 1e6).toFixed(1)} MB, ${((Date.now() - started) / 1000).toFixed(1)} s\n`,
  );
}

async function buildAside(esbuild) {
  const results = await Promise.allSettled(bundles.map((line) => bundle(esbuild, line)));
  if (results.some((result) => result.status === "rejected")) {
    rmSync(aside, { recursive: true, force: true });
    fail("The build failed; the messages above name the file and line.", "dist/ is as it was.");
  }
  writeFileSync(join(root, ".cache", "metafiles.json"), JSON.stringify(results.map((result) => result.value)));
  await writeConfigSchema();
  copyNativePart();
  copyEncodings();
  copyGrammars();
  chmodSync(join(aside, "midtrain.js"), 0o755);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
