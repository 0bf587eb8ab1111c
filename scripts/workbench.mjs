/** `npm run workbench -- DIR`: opens DIR in a browser workbench with the extension installed. */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "./build.mjs";
import { packageFor } from "./package.mjs";
import { root } from "./setup.mjs";
import { ensureWorkbench } from "./workbench-setup.mjs";

const directory = resolve(process.argv[2] ?? root);
const port = process.env["PORT"] ?? "8765";
const parts = ensureWorkbench();
await build();
const vsix = await packageFor("linux-x64");
const home = mkdtempSync(join(tmpdir(), "mw-"));
mkdirSync(join(home, "ud", "User"), { recursive: true });
writeFileSync(
  join(home, "ud", "User", "settings.json"),
  JSON.stringify({ "workbench.startupEditor": "none", "telemetry.telemetryLevel": "off", "chat.disableAIFeatures": true }),
);
const common = ["--user-data-dir", join(home, "ud"), "--extensions-dir", join(home, "ext"), "--config", join(home, "config.yaml")];
const env = { ...process.env, EXTENSIONS_GALLERY: "{}" };
spawnSync(parts.node, [parts.entry, ...common, "--install-extension", vsix], { stdio: "inherit", env });
const args = [
  "--auth",
  "none",
  "--bind-addr",
  `127.0.0.1:${port}`,
  "--disable-telemetry",
  "--disable-update-check",
  "--disable-workspace-trust",
];
const server = spawn(parts.node, [parts.entry, ...args, ...common], { stdio: ["ignore", "ignore", "inherit"], env });
process.stdout.write(`\nOpen http://127.0.0.1:${port}/?folder=${encodeURIComponent(directory)}   (Ctrl-C ends it)\n`);
process.on("SIGINT", () => server.kill());
server.on("exit", () => rmSync(home, { recursive: true, force: true }));
