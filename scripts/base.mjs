/** `npm run base [-- --tokens N | --minutes M | --curves DIR...]`: makes the embedded base in media/base; see base/main.ts. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ensureInstalled, root } from "./setup.mjs";

ensureInstalled();
const esbuild = await import("esbuild");
const outfile = join(root, ".cache", "base", "main.cjs");
await esbuild.build({
  entryPoints: [join(root, "base", "main.ts")],
  outfile,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["onnxruntime-node", "onnxruntime-common"],
  logLevel: "error",
});
// Ctrl-C goes to the child, which ends at once: everything up to its last checkpoint is in the cache.
process.on("SIGINT", () => undefined);
const result = spawnSync(process.execPath, ["--max-old-space-size=6000", outfile, ...process.argv.slice(2)], { stdio: "inherit" });
process.exit(result.status ?? 1);
