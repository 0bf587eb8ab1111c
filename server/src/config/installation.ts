import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { MidtrainError } from "@midtrain/protocol/errors";

/** Root of the installation: the directory that holds `media/` (and `dist/` in a build), found upwards from this file. */
function installationRoot(): string {
  for (let current = __dirname; ; current = dirname(current)) {
    if (existsSync(join(current, "media")) && existsSync(join(current, "package.json"))) return current;
    if (dirname(current) === current) {
      throw new MidtrainError({
        reason: "environment",
        message: "The installation is incomplete: media/ was not found.",
        where: __dirname,
        next: "Install Midtrain again, or run npm run build.",
      });
    }
  }
}

/** A file that the build puts into dist/ (a worker bundle, the webview bundle). @throws MidtrainError (environment) when it is missing. */
export function bundledFile(name: string): string {
  const file = join(installationRoot(), "dist", name);
  if (existsSync(file)) return file;
  throw new MidtrainError({ reason: "environment", message: `dist/${name} is missing.`, where: file, next: "Run npm run build." });
}

/** Directory of the tiny base that `midtrain adapt` uses without a model. It is for seeing the chain work, not for use. */
export function embeddedBaseDirectory(): string {
  return join(installationRoot(), "media", "base");
}

/** Directory of the torch executor's Python package. */
export function trainerDirectory(): string {
  return join(installationRoot(), "trainer");
}

/** The hashed lock of the packages that it needs. */
export function trainerLock(): string {
  return join(trainerDirectory(), "requirements.txt");
}
