import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** For tests: real text of this repository, the TypeScript files of some of its directories. */
export function repositoryTexts(
  directories: readonly string[] = ["protocol/src", "server/src/platform", "server/src/config"],
): { path: string; text: string }[] {
  const root = join(__dirname, "..", "..", "..");
  return directories.flatMap((directory) =>
    readdirSync(join(root, directory))
      .filter((name) => name.endsWith(".ts"))
      .sort()
      .map((name) => ({ path: `${directory}/${name}`, text: readFileSync(join(root, directory, name), "utf8") })),
  );
}
