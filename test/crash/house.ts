/** A small installation in a temporary directory: the bundles that a detached controller needs, beside links to media, packages and the worker. */
import { build } from "esbuild";
import { mkdirSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "..", "..");

export interface House {
  readonly root: string;
  /** dist/run.js, dist/midtrain.js. */
  bundle(name: string): string;
}

/** Built from the sources under test, so that no stale dist/ can pass for them. */
export async function buildHouse(): Promise<House> {
  const house = mkdtempSync(join(tmpdir(), "midtrain-house-"));
  mkdirSync(join(house, "dist"));
  for (const name of ["media", "node_modules", "package.json", "trainer"]) symlinkSync(join(root, name), join(house, name));
  const entries = {
    "run.js": "run.ts",
    "midtrain.js": "cli.ts",
    "executor-worker.js": "executors/executor-worker.ts",
  };
  await Promise.all(
    Object.entries(entries).map(([name, source]) =>
      build({
        entryPoints: [join(root, "server", "src", source)],
        outfile: join(house, "dist", name),
        bundle: true,
        platform: "node",
        target: "node20",
        format: "cjs",
        mainFields: ["module", "main"],
        external: ["vscode", "onnxruntime-node", "onnxruntime-common"],
        logLevel: "error",
      }),
    ),
  );
  return { root: house, bundle: (name) => join(house, "dist", name) };
}
