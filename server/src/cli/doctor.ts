/** `midtrain doctor`: what is installed and what is missing, each with the next step. Changes nothing without --install. */
import { spawnSync } from "node:child_process";
import { existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import { Command } from "commander";
import { describeError, exitCodes } from "@midtrain/protocol/errors";
import { bytes } from "@midtrain/protocol/words";
import { bundledFile } from "../config";
import { requireRuntime } from "../executors";
import { openBaseModel } from "../training";
import { action, withOptions, workplaceOf } from "./command";
import { environmentFinding, gpuFinding, makeEnvironment } from "./doctor-environment";
import { modelLines, modelsHere, preflightFinding } from "./doctor-models";

interface DoctorFlags {
  readonly install?: boolean;
  readonly python?: string;
}

export interface Finding {
  readonly what: string;
  /** `optional`: only what the torch executor needs. */
  readonly state: "ok" | "missing" | "warning" | "optional";
  readonly found: string;
  readonly next: string | null;
}

const fewestBytes = 500_000_000;

export function doctorCommand(): Command {
  const command = new Command("doctor")
    .argument("[dir]", "directory that would be worked on", ".")
    .description("What is installed and missing, each with the next step.")
    .option("--install", "make the training environment for GPUs: a Python of its own with torch, from a hashed lock")
    .option("--python <path>", "interpreter to use, or to make the environment from");
  return withOptions(command, "model", "config", "out").action(
    action(async (invocation, dir?: string) => {
      const { install, python } = command.opts<DoctorFlags>();
      if (install === true) await makeEnvironment(invocation, python);
      const { config, midtrain, directory } = workplaceOf(dir, invocation.options);
      const findings = [
        node(),
        git(),
        nativePart(),
        base(config.model, directory),
        panels(),
        disk(midtrain),
        await environmentFinding(install === true ? undefined : python, invocation.signal),
        await gpuFinding(invocation.signal),
      ];
      const models = await modelsHere(directory, config, invocation.signal);
      if (invocation.options.model !== undefined) findings.push(await preflightFinding({ config, directory, midtrain }, invocation));
      invocation.document({ findings, models });
      for (const { what, state, found, next } of findings) {
        invocation.print(`${what.padEnd(14)}${state.padEnd(9)}${found}`);
        if (next !== null) invocation.print(`${"".padEnd(23)}${next}`);
      }
      for (const text of modelLines(models)) invocation.print(text);
      const missing = findings.filter((finding) => finding.state === "missing").length;
      invocation.print(missing === 0 ? "Everything that midtrain adapt needs is here." : `${missing} of ${findings.length} are missing.`);
      return missing === 0 ? exitCodes.done : exitCodes.failed;
    }),
  );
}

const ok = (what: string, found: string): Finding => ({ what, state: "ok", found, next: null });

function attempt(what: string, look: () => string, state: "missing" | "warning" = "missing"): Finding {
  try {
    return ok(what, look());
  } catch (error) {
    const [first, ...rest] = describeError(error).split("\n");
    return { what, state, found: first ?? "", next: rest.join(" ") || null };
  }
}

function node(): Finding {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= 20) return ok("node", process.versions.node);
  return { what: "node", state: "missing", found: `${process.versions.node} is too old.`, next: "Install Node 20 or newer." };
}

function git(): Finding {
  const result = spawnSync("git", ["--version"], { encoding: "utf8" });
  if (result.status === 0) return ok("git", result.stdout.trim().replace(/^git version /, ""));
  return {
    what: "git",
    state: "warning",
    found: "git was not found: a directory is harvested by ignore rules instead.",
    next: "Install git, so that the harvest sees a repository as git does.",
  };
}

function nativePart(): Finding {
  return attempt("native part", () => {
    const worker = bundledFile("executor-worker.js");
    requireRuntime(dirname(worker));
    return `onnxruntime for ${process.platform}-${process.arch}`;
  });
}

function base(model: string | undefined, directory: string): Finding {
  return attempt("base", () => {
    const { name, hash, embedded } = openBaseModel(model, directory);
    return `${name} ${hash.slice(0, 12)}${embedded ? ", embedded: for seeing the chain work, not for use" : ""}`;
  });
}

function panels(): Finding {
  return attempt("report", () => `${bundledFile("webview.js").split(/[\\/]/).pop() ?? ""} is there`, "warning");
}

/** The nearest directory that exists: .midtrain/ itself may not yet. */
function disk(midtrain: string): Finding {
  let place = midtrain;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  const { bavail, bsize } = statfsSync(place);
  const free = bavail * bsize;
  if (free >= fewestBytes) return ok("disk", `${bytes(free)} free in ${place}`);
  return {
    what: "disk",
    state: "warning",
    found: `${bytes(free)} free in ${place}`,
    next: `A run needs about ${bytes(fewestBytes)}: free some space, or choose another place with --out.`,
  };
}
