/**
 * What the browser workbench needs, installed once per machine into the user's cache: Node 24, code-server
 * (a real VS Code in the browser) and Chromium. apt only as root; otherwise a message names what to install.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { chromiumPath } from "./chromium.mjs";
import { fail } from "./setup.mjs";

const nodeVersion = "24";
const codeServerVersion = "4.139.1";

const cache = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "midtrain", `workbench-${codeServerVersion}`);
const nodeHome = join(cache, "node", "node_modules", "node", "node_modules", `node-${process.platform}-${process.arch}`);

/** Where the parts are, once installed. */
export const workbench = {
  node: join(nodeHome, "bin", "node"),
  entry: join(cache, "code-server", "node_modules", "code-server", "out", "node", "entry.js"),
};

function quiet(program, args, options = {}) {
  const result = spawnSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 28, ...options });
  if (result.status !== 0)
    fail(`${program} ${args.slice(0, 3).join(" ")} failed.`, `${result.stdout ?? ""}\n${result.stderr ?? ""}`.trim().slice(-2000));
  return result.stdout;
}

function has(header) {
  return existsSync(header);
}

/** System packages: Chromium, and what code-server's native modules compile against. */
function ensureSystemPackages() {
  const missing = [];
  if (!chromiumPath()) missing.push("chromium");
  if (process.platform === "linux" && !existsSync(workbench.entry)) {
    if (!has("/usr/include/gssapi/gssapi.h") && !has("/usr/include/gssapi.h")) missing.push("libkrb5-dev");
    if (spawnSync("g++", ["--version"]).error) missing.push("g++");
    if (spawnSync("make", ["--version"]).error) missing.push("make");
    if (spawnSync("python3", ["--version"]).error) missing.push("python3");
  }
  if (missing.length === 0) return;
  if (process.platform !== "linux" || process.getuid?.() !== 0 || spawnSync("apt-get", ["--version"]).error) {
    fail(
      `The end-to-end tests need: ${missing.join(", ")}.`,
      `Install them (on Debian or Ubuntu: sudo apt-get install ${missing.join(" ")}) and run the same command again, or run npm test -- --unit for the tests that need none of it.`,
    );
  }
  process.stderr.write(`set-up      installing ${missing.join(", ")} with apt (about 30 s, once)\n`);
  quiet("apt-get", ["update", "-qq"]);
  quiet("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing], {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
}

function installPackage(directory, specification, environment) {
  const temporary = `${directory}.${process.pid}.tmp`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  writeFileSync(join(temporary, "package.json"), '{ "private": true }\n');
  quiet("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", specification], { cwd: temporary, env: environment });
  rmSync(directory, { recursive: true, force: true });
  renameSync(temporary, directory);
}

/** Installs what is missing; done at once when all is there. */
export function ensureWorkbench() {
  ensureSystemPackages();
  if (!existsSync(workbench.node)) {
    process.stderr.write("set-up      installing Node 24 for the workbench (about 10 s, once)\n");
    installPackage(join(cache, "node"), `node@${nodeVersion}`, process.env);
  }
  if (!existsSync(workbench.entry)) {
    process.stderr.write("set-up      installing the browser workbench (about 2 min, once)\n");
    // code-server checks the Node on PATH and compiles against its headers; node-gyp would otherwise download them.
    const environment = { ...process.env, PATH: `${join(nodeHome, "bin")}:${process.env["PATH"]}`, npm_config_nodedir: nodeHome };
    installPackage(join(cache, "code-server"), `code-server@${codeServerVersion}`, environment);
  }
  return { ...workbench, chromium: chromiumPath() };
}

if (process.argv[1]?.endsWith("workbench-setup.mjs")) ensureWorkbench();
