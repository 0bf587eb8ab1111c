/**
 * `npm run base [-- --tokens N | --minutes M | --curves DIR...]`: makes the embedded base in media/base; see base/main.ts.
 * `npm run base -- --executor torch`: one of 25 million parameters on a GPU, in .cache/base/base-25M, with the training environment.
 */
import { spawnSync } from "node:child_process";
import { bundleForNode } from "./node-bundle.mjs";
import { ensureInstalled, root } from "./setup.mjs";

ensureInstalled();
const outfile = await bundleForNode("base/main.ts", ".cache/base/main.cjs");
// Ctrl-C goes to the child, which ends at once: everything up to its last checkpoint is in the cache.
process.on("SIGINT", () => undefined);
const result = spawnSync(process.execPath, ["--max-old-space-size=6000", outfile, ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
});
process.exit(result.status ?? 1);
