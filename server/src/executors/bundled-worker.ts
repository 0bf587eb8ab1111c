import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { writeFileAtomic } from "../platform/atomic-write";

/**
 * Support for tests and scripts that run from TypeScript source: bundles the executor's worker once per content.
 * The product has its worker beside its own bundle.
 * @returns path of the bundle
 */
export function bundledWorkerFile(): string {
  const source = join(__dirname, "executor-worker.ts");
  const built = buildSync({ entryPoints: [source], bundle: true, platform: "node", format: "cjs", target: "node20", write: false });
  const content = built.outputFiles[0]!.contents;
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 16);
  const file = join(__dirname, "..", "..", "..", ".cache", `executor-worker-${hash}.js`);
  if (!existsSync(file)) writeFileAtomic(file, content);
  return file;
}
