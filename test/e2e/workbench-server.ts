/** A real VS Code workbench with the packaged extension installed: one server in its own process group, fresh directories each time. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const projectRoot = resolve(__dirname, "..", "..");

interface WorkbenchParts {
  readonly node: string;
  readonly entry: string;
  readonly chromium: string;
}

/** Parts that scripts/workbench-setup.mjs installed. */
export async function workbenchParts(): Promise<WorkbenchParts> {
  const setup = (await import(join(projectRoot, "scripts", "workbench-setup.mjs"))) as {
    workbench: { node: string; entry: string };
    chromium: () => string | undefined;
  };
  const chromium = setup.chromium();
  if (!existsSync(setup.workbench.entry) || chromium === undefined)
    throw new Error("The browser workbench is not installed. Run: node scripts/workbench-setup.mjs");
  return { ...setup.workbench, chromium };
}

export interface WorkbenchServer {
  readonly url: string;
  readonly runDirectory: string;
  /** Command lines of the extension hosts of this server. */
  extensionHosts(): readonly number[];
  /** Everything the server side logged: name of the log -> text. */
  logs(): ReadonlyMap<string, string>;
  kill(): void;
  stop(): Promise<void>;
}

const userSettings = {
  "workbench.startupEditor": "none",
  "telemetry.telemetryLevel": "off",
  "chat.disableAIFeatures": true,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.editor.useModal": "off",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "git.enabled": false,
  "window.commandCenter": false,
};

async function freePort(): Promise<number> {
  return new Promise((accept, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => accept(port));
    });
  });
}

/** Starts the server with the .vsix installed. `trusted: false` leaves workspace trust on: Restricted Mode. */
export async function startWorkbench(options: {
  readonly vsix: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly trusted?: boolean;
  /** Keep the directories of an earlier server (for restarts). */
  readonly runDirectory?: string;
}): Promise<WorkbenchServer> {
  const parts = await workbenchParts();
  // A unix socket lives below the user data directory, and its path is limited to 108 characters: keep it short.
  const runDirectory = options.runDirectory ?? mkdtempSync(join(tmpdir(), "mw-"));
  const common = [
    "--user-data-dir",
    join(runDirectory, "ud"),
    "--extensions-dir",
    join(runDirectory, "ext"),
    "--config",
    join(runDirectory, "config.yaml"),
  ];
  const environment = { ...process.env, EXTENSIONS_GALLERY: "{}" };
  if (options.runDirectory === undefined) {
    mkdirSync(join(runDirectory, "ud", "User"), { recursive: true });
    writeFileSync(
      join(runDirectory, "ud", "User", "settings.json"),
      JSON.stringify({ ...userSettings, ...options.settings }, undefined, 2),
    );
    const install = spawnSync(parts.node, [parts.entry, ...common, "--install-extension", options.vsix], {
      encoding: "utf8",
      env: environment,
    });
    if (install.status !== 0) throw new Error(`The .vsix could not be installed:\n${install.stdout}\n${install.stderr}`);
  }
  const port = await freePort();
  const args = [
    "--auth",
    "none",
    "--bind-addr",
    `127.0.0.1:${port}`,
    "--disable-telemetry",
    "--disable-update-check",
    "--disable-getting-started-override",
    "--ignore-last-opened",
    "--reconnection-grace-time",
    "2",
  ];
  if (options.trusted !== false) args.push("--disable-workspace-trust");
  const server = spawn(parts.node, [parts.entry, ...args, ...common], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: environment,
  });
  let output = "";
  for (const stream of [server.stdout, server.stderr]) stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const url = `http://127.0.0.1:${port}`;
  await untilHealthy(url, server, () => output);
  return serverHandle({ server, url, runDirectory, output: () => output });
}

async function untilHealthy(url: string, server: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (server.exitCode !== null) throw new Error(`The workbench server ended:\n${output()}`);
    const healthy = await fetch(`${url}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (healthy) return;
    await new Promise((wake) => setTimeout(wake, 100));
  }
  throw new Error(`The workbench server did not answer within 60 s:\n${output()}`);
}

function serverHandle(parts: {
  readonly server: ChildProcess;
  readonly url: string;
  readonly runDirectory: string;
  readonly output: () => string;
}): WorkbenchServer {
  const { server, url, runDirectory, output } = parts;
  const kill = (): void => {
    try {
      process.kill(-server.pid!, "SIGKILL");
    } catch {
      // The group is gone already.
    }
  };
  const onExit = (): void => kill();
  process.once("exit", onExit);
  return {
    url,
    runDirectory,
    extensionHosts: () =>
      processesOfGroup(server.pid!)
        .filter((entry) => entry.command.includes("type=extensionHost"))
        .map((entry) => entry.pid),
    logs: () => new Map([["server output", output()], ...readLogs(join(runDirectory, "ud", "logs"))]),
    kill,
    stop: async () => {
      const ended = new Promise((accept) => server.once("exit", accept));
      kill();
      if (server.exitCode === null && server.signalCode === null) await ended;
      process.off("exit", onExit);
      rmSync(runDirectory, { recursive: true, force: true });
    },
  };
}

function processesOfGroup(group: number): readonly { readonly pid: number; readonly command: string }[] {
  const listing = spawnSync("ps", ["-eo", "pid=,pgid=,args="], { encoding: "utf8" }).stdout;
  return listing.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return match && Number(match[2]) === group ? [{ pid: Number(match[1]), command: match[3]! }] : [];
  });
}

function readLogs(directory: string): readonly (readonly [string, string])[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory).flatMap((name): readonly (readonly [string, string])[] => {
    const file = join(directory, name);
    if (statSync(file).isDirectory()) return readLogs(file);
    return name.endsWith(".log") ? [[file, readFileSync(file, "utf8")]] : [];
  });
}

/** Keeps what explains a failure: logs, in test-results/<name>. */
export function keepLogs(server: WorkbenchServer, name: string): void {
  const target = join(projectRoot, "test-results", name);
  mkdirSync(target, { recursive: true });
  const logs = join(server.runDirectory, "ud", "logs");
  if (existsSync(logs)) cpSync(logs, join(target, "logs"), { recursive: true });
}
