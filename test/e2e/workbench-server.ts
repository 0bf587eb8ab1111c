/** A real VS Code workbench with the packaged extension installed: one server in its own process group, fresh directories each time. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromiumPath } from "../../scripts/chromium.mjs";
import { environment, freePort, installExtension, serverArguments, untilHealthy } from "../../scripts/workbench-server.mjs";
import { workbench } from "../../scripts/workbench-setup.mjs";

export const projectRoot = resolve(__dirname, "..", "..");

interface WorkbenchParts {
  readonly node: string;
  readonly entry: string;
  readonly chromium: string;
}

/** Parts that scripts/workbench-setup.mjs installed. */
export function workbenchParts(): WorkbenchParts {
  const chromium = chromiumPath();
  if (!existsSync(workbench.entry) || chromium === undefined)
    throw new Error("The browser workbench is not installed. Run: node scripts/workbench-setup.mjs");
  return { ...workbench, chromium };
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
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.editor.useModal": "off",
  "extensions.autoUpdate": "off",
  "extensions.autoCheckUpdates": false,
  "git.enabled": false,
  "window.commandCenter": false,
};

/** Starts the server with the .vsix installed. `trusted: false` leaves workspace trust on: Restricted Mode. */
export async function startWorkbench(options: {
  readonly vsix: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly trusted?: boolean;
  /** Environment variables of the server, and so of the extension. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Keep the directories of an earlier server (for restarts). */
  readonly runDirectory?: string;
}): Promise<WorkbenchServer> {
  const parts = workbenchParts();
  const runDirectory = options.runDirectory ?? mkdtempSync(join(tmpdir(), "mw-"));
  if (options.runDirectory === undefined)
    installExtension(parts, { home: runDirectory, vsix: options.vsix, settings: { ...userSettings, ...options.settings } });
  const port = await freePort();
  const more = ["--reconnection-grace-time", "2"];
  const server = spawn(parts.node, serverArguments(parts, { home: runDirectory, port, trusted: options.trusted !== false, more }), {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...environment, ...options.variables },
  });
  let output = "";
  for (const stream of [server.stdout, server.stderr]) stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const url = `http://127.0.0.1:${port}`;
  await untilHealthy(url, () => server.exitCode !== null).catch((error: Error) => {
    throw new Error(`${error.message}\n${output}`);
  });
  return serverHandle({ server, url, runDirectory, output: () => output });
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
