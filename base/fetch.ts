import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { MidtrainError } from "@midtrain/protocol/errors";
import { sha256 } from "../server/src/platform/hash";
import { cache } from "./places";
import { say } from "./report";
import { acceptedLicences, heldOutPackages, type SourcePackage } from "./sources";

const packages = join(cache, "packages");

export function archiveFile(source: SourcePackage): string {
  const name = source.name.replace(/^@/, "").replace(/\//g, "-").toLowerCase();
  return join(packages, `${source.registry}-${name}-${source.version}.tar.gz`);
}

/** The registries' own clients deliver; `npm pack` and `pip download` install nothing. */
function commandOf(source: SourcePackage): readonly [string, readonly string[]] {
  if (source.registry === "npm") return ["npm", ["pack", "--silent", "--ignore-scripts", `${source.name}@${source.version}`]];
  const flags = ["download", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-binary", source.name];
  return ["pip", [...flags, `${source.name}==${source.version}`]];
}

function download(source: SourcePackage): void {
  const directory = mkdtempSync(join(packages, ".download-"));
  try {
    const [program, args] = commandOf(source);
    const result = spawnSync(program, args, { cwd: directory, encoding: "utf8" });
    const archive = readdirSync(directory).find((name) => /\.(tgz|tar\.gz)$/.test(name));
    if (result.status !== 0 || archive === undefined) {
      throw new MidtrainError({
        reason: "environment",
        message: `${program} did not deliver ${source.name} ${source.version}: ${(result.stderr ?? String(result.error)).trim().slice(-400)}`,
        next: `Check that ${program} works on this machine and run the same command again; what is there already is kept.`,
      });
    }
    renameSync(join(directory, archive), archiveFile(source));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function verify(source: SourcePackage): void {
  const found = sha256(readFileSync(archiveFile(source)));
  if (found === source.sha256) return;
  throw new MidtrainError({
    reason: "corrupt",
    message: `${source.name} ${source.version} has the hash ${found}, not the pinned ${source.sha256}.`,
    where: archiveFile(source),
    next: "Delete the file and run the same command again; if it differs again, the package was changed after it was pinned.",
  });
}

/** Brings every pinned archive into the cache and checks its hash and its licence. */
export function fetchPackages(sources: readonly SourcePackage[]): void {
  mkdirSync(packages, { recursive: true });
  for (const source of sources) {
    const name = source.name.toLowerCase();
    if (!acceptedLicences.test(source.licence)) throw refused(source, `its licence ${source.licence} is not permissive`);
    if (heldOutPackages.some((held) => held === name)) throw refused(source, "it is kept for measuring");
    if (!existsSync(archiveFile(source))) {
      say("sources", `fetching ${source.name} ${source.version}`);
      download(source);
    }
    verify(source);
  }
  say("sources", `${sources.length} packages, hashes as pinned`);
}

function refused(source: SourcePackage, why: string): MidtrainError {
  return new MidtrainError({ reason: "input", message: `${source.name} cannot be a source: ${why}.`, where: "base/sources.ts" });
}
