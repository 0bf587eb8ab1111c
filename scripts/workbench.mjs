/** `npm run workbench -- DIR`: opens DIR in a browser workbench with the extension installed. PORT chooses the port (default 8765). */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "./build.mjs";
import { packageFor } from "./package.mjs";
import { fail, root } from "./setup.mjs";
import { environment, freePort, installExtension, serverArguments, untilHealthy } from "./workbench-server.mjs";
import { ensureWorkbench } from "./workbench-setup.mjs";

const directory = resolve(process.argv[2] ?? root);
if (!existsSync(directory) || !statSync(directory).isDirectory())
  fail(`There is no directory ${directory}.`, "Name the directory of a repository: npm run workbench -- DIR");
const wanted = Number(process.env["PORT"] ?? "8765");
if (!Number.isInteger(wanted) || wanted < 0 || wanted > 65_535)
  fail(`PORT=${process.env["PORT"]} is not a port.`, "Give a number up to 65535.");

const parts = ensureWorkbench();
await build();
const vsix = await packageFor(existsSync(join(root, "dist", "native")) ? `${process.platform}-${process.arch}` : "universal");
const home = mkdtempSync(join(tmpdir(), "mw-"));
process.on("exit", () => rmSync(home, { recursive: true, force: true }));
process.stderr.write("workbench   installing the extension, starting the server\n");
installExtension(parts, { home, vsix });
const port = await freePort(wanted);
const server = spawn(parts.node, serverArguments(parts, { home, port, trusted: true }), {
  stdio: ["ignore", "ignore", "inherit"],
  env: environment,
});
// Ctrl-C reaches the server as well; this process waits for its end, so that nothing is left behind.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => server.kill());
let ended = false;
server.on("exit", () => (ended = true));
server.on("close", () => process.exit(0));
const url = `http://127.0.0.1:${port}`;
try {
  await untilHealthy(url, () => ended);
} catch (error) {
  server.kill();
  fail(error.message, "The messages above say why.");
}
if (port !== wanted) process.stdout.write(`\nPort ${wanted} is taken.`);
process.stdout.write(`\nOpen ${url}/?folder=${encodeURIComponent(directory)}   (Ctrl-C ends it)\n`);
