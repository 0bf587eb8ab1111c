/** Bundles the panels and the fixtures for the harness; the same options as scripts/build.mjs. */
import { build } from "esbuild";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const browser = {
  bundle: true,
  platform: "browser",
  target: "es2022",
  format: "iife",
  minify: true,
  keepNames: true,
  legalComments: "none",
  tsconfigRaw: { compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false } },
  logLevel: "error",
  write: false,
};

export async function panelBundle() {
  const result = await build({ ...browser, entryPoints: [join(root, "webview/src/main.ts")] });
  return result.outputFiles[0].text;
}

/** The typed fixtures as plain data, by name. */
export async function fixtures() {
  const result = await build({
    entryPoints: [join(root, "webview/dev/fixtures.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    write: false,
    logLevel: "error",
  });
  const module = await import(`data:text/javascript;base64,${Buffer.from(result.outputFiles[0].contents).toString("base64")}`);
  return new Map(module.fixtureNames.map((name) => [name, module.fixture(name)]));
}
