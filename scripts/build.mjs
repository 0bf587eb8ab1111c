/** `npm run build`: installs what is missing and bundles everything into dist/. One table, one bundle a line. */
import { chmodSync, cpSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled, fail, root } from "./setup.mjs";

const dist = join(root, "dist");
const node = {
  platform: "node",
  target: "node20",
  format: "cjs",
  mainFields: ["module", "main"],
  external: ["vscode", "onnxruntime-node", "onnxruntime-common"],
};
const browser = { platform: "browser", target: "es2022", format: "iife" };

const bundles = [
  ["server/src/cli.ts", "midtrain.js", node],
  ["server/src/run.ts", "run.js", node],
  ["server/src/lsp.ts", "lsp.js", node],
  ["server/src/features/engine-worker.ts", "engine-worker.js", node],
  ["server/src/corpus/reading/harvest-worker.ts", "harvest-worker.js", node],
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
    outfile: join(dist, name),
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
async function writeConfigSchema(esbuild) {
  const outfile = join(root, ".cache", "config-json-schema.cjs");
  await esbuild.build({
    entryPoints: [join(root, "protocol/src/config-json-schema.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "error",
  });
  const { configJsonSchema } = createRequire(import.meta.url)(outfile);
  writeFileSync(join(dist, "midtrain.schema.json"), JSON.stringify(configJsonSchema(), undefined, 2) + "\n");
}

/** onnxruntime-node and -common, pruned to this platform, as a small node_modules beside the bundles. */
function copyNativePart() {
  const from = join(root, "node_modules", "onnxruntime-node");
  const platform = join("bin", "napi-v6", process.platform, process.arch);
  const target = join(dist, "native", "node_modules");
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
    cpSync(join(root, "node_modules", "tiktoken", "encoders", `${name}.json`), join(dist, "encoders", `${name}.json`));
}

export async function build() {
  ensureInstalled();
  const started = Date.now();
  const esbuild = await import("esbuild");
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  const present = bundles.filter(([entry]) => existsSync(join(root, entry)));
  for (const [entry] of bundles.filter((line) => !present.includes(line))) process.stderr.write(`build       ${entry} is not there yet\n`);
  const results = await Promise.allSettled(present.map((line) => bundle(esbuild, line)));
  writeFileSync(join(root, ".cache", "metafiles.json"), JSON.stringify(results.map((result) => result.value ?? null)));
  await writeConfigSchema(esbuild);
  copyNativePart();
  copyEncodings();
  if (existsSync(join(dist, "midtrain.js"))) chmodSync(join(dist, "midtrain.js"), 0o755);
  if (results.some((result) => result.status === "rejected")) fail("The build failed; the messages above name the file and line.");
  const size = present.reduce((sum, [, name]) => sum + statSync(join(dist, name)).size, 0);
  process.stderr.write(
    `build       ${present.length} bundles, ${(size / 1e6).toFixed(1)} MB, ${((Date.now() - started) / 1000).toFixed(1)} s\n`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
