/** How the browser workbench is started with the extension in it: by `npm run workbench` and by the end-to-end tests. */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

/** No gallery: nothing is asked for over the network. */
export const environment = { ...process.env, EXTENSIONS_GALLERY: "{}" };

const quietSettings = { "workbench.startupEditor": "none", "telemetry.telemetryLevel": "off", "chat.disableAIFeatures": true };

/** @param {string} home a short path: a unix socket lives below it, and its path is limited to 108 characters */
const places = (home) => [
  "--user-data-dir",
  join(home, "ud"),
  "--extensions-dir",
  join(home, "ext"),
  "--config",
  join(home, "config.yaml"),
];

/**
 * Writes the settings and installs the .vsix into fresh directories below `home`.
 * @param {{ node: string, entry: string }} parts
 * @param {{ home: string, vsix: string, settings?: Readonly<Record<string, unknown>> }} options
 */
export function installExtension(parts, { home, vsix, settings = {} }) {
  mkdirSync(join(home, "ud", "User"), { recursive: true });
  writeFileSync(join(home, "ud", "User", "settings.json"), JSON.stringify({ ...quietSettings, ...settings }, undefined, 2));
  const install = spawnSync(parts.node, [parts.entry, ...places(home), "--install-extension", vsix], {
    encoding: "utf8",
    env: environment,
  });
  if (install.status !== 0) throw new Error(`The .vsix could not be installed:\n${install.stdout}\n${install.stderr}`);
}

/**
 * Arguments of the server behind the program `parts.node`. Only this machine can reach it.
 * @param {{ entry: string }} parts
 * @param {{ home: string, port: number, trusted: boolean, more?: readonly string[] }} options
 */
export function serverArguments(parts, { home, port, trusted, more = [] }) {
  return [
    parts.entry,
    ...["--auth", "none", "--bind-addr", `127.0.0.1:${port}`],
    ...["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override", "--ignore-last-opened"],
    ...(trusted ? ["--disable-workspace-trust"] : []),
    ...more,
    ...places(home),
  ];
}

/**
 * The wanted port if it is free, else any free one.
 * @param {number} wanted 0: any
 * @returns {Promise<number>}
 */
export function freePort(wanted = 0) {
  return new Promise((accept, reject) => {
    const probe = createServer();
    probe.once("error", (error) => (wanted === 0 ? reject(error) : accept(freePort(0))));
    probe.listen(wanted, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => accept(port));
    });
  });
}

/**
 * Waits until the server answers. @throws Error when it ended, or did not answer within a minute.
 * @param {string} url
 * @param {() => boolean} ended
 */
export async function untilHealthy(url, ended) {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (ended()) throw new Error("The workbench server ended.");
    const healthy = await fetch(`${url}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (healthy) return;
    await new Promise((wake) => setTimeout(wake, 100));
  }
  throw new Error("The workbench server did not answer within 60 s.");
}
