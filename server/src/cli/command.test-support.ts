/** Commands bundled as the binary bundles them, in a process of their own. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";

export interface BundledCommands {
  /** A temporary directory: the working directory of every call. */
  readonly place: string;
  run(args: readonly string[], input?: string): { readonly code: number | null; readonly stdout: string; readonly stderr: string };
  remove(): void;
}

/** @param commands factory -> module beside this file: `{ harvestCommand: "./harvest" }`. */
export async function bundleCommands(commands: Readonly<Record<string, string>>): Promise<BundledCommands> {
  const place = realpathSync(mkdtempSync(join(tmpdir(), "midtrain-cli-")));
  const root = join(__dirname, "..", "..", "..");
  for (const part of ["media", "node_modules", "package.json"]) symlinkSync(join(root, part), join(place, part));
  const file = join(place, "midtrain.cjs");
  const imports = Object.entries(commands).map(([factory, module]) => `import { ${factory} } from ${JSON.stringify(module)};`);
  const added = Object.keys(commands).map((factory) => `.addCommand(${factory}())`);
  await build({
    stdin: {
      contents: `import { Command } from "commander"; ${imports.join(" ")} void new Command("midtrain")${added.join("")}.parseAsync(process.argv);`,
      resolveDir: __dirname,
      loader: "ts",
    },
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile: file,
    logLevel: "error",
    mainFields: ["module", "main"],
    external: ["onnxruntime-node", "onnxruntime-common"],
  });
  return {
    place,
    run: (args, input = "") => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], { cwd: place, encoding: "utf8", input });
      return { code: status, stdout, stderr };
    },
    remove: () => rmSync(place, { recursive: true, force: true }),
  };
}
