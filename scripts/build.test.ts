import { mkdirSync, mkdtempSync, openSync, readFileSync, closeSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";

it("a build replaces files whole: who has an old one open reads it to its end, and what is gone from the build goes", async () => {
  const { moveFiles } = (await import(join(__dirname, "build.mjs"))) as { moveFiles: (from: string, to: string) => void };
  const place = mkdtempSync(join(tmpdir(), "midtrain-build-"));
  const [from, to] = [join(place, "aside"), join(place, "dist")] as const;
  for (const [directory, text] of [
    [from, "new"],
    [to, "old"],
  ] as const) {
    mkdirSync(join(directory, "native"), { recursive: true });
    writeFileSync(join(directory, "run.js"), text);
    writeFileSync(join(directory, "native", `${text}.node`), text);
  }
  const opened = openSync(join(to, "run.js"), "r");
  moveFiles(from, to);
  expect(readFileSync(opened, "utf8")).toBe("old");
  closeSync(opened);
  expect(readFileSync(join(to, "run.js"), "utf8")).toBe("new");
  expect(readdirSync(join(to, "native"))).toEqual(["new.node"]);
  rmSync(place, { recursive: true });
});
