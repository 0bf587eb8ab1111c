/** `npm run demo [-- DIR …options]`: set-up, build, and the whole chain on a repository (default: this one). */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { build } from "./build.mjs";
import { root } from "./setup.mjs";

await build();
const args = process.argv.slice(2);
const directory = args[0] !== undefined && !args[0].startsWith("-") ? resolve(args.shift()) : root;
// Ctrl-C goes to the child, which leaves a run that can be resumed; this process waits for its words.
process.on("SIGINT", () => undefined);
const result = spawnSync(process.execPath, [join(root, "dist", "midtrain.js"), "adapt", directory, ...args], { stdio: "inherit" });
process.exit(result.status ?? 1);
