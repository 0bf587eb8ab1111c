/** How everything that runs in Node is bundled: the product, its benchmarks, the making of the base. */
import { join } from "node:path";
import { root } from "./setup.mjs";

export const node = {
  platform: "node",
  target: "node20",
  format: "cjs",
  // The UMD variants of some packages ask for their own parts at run time.
  mainFields: ["module", "main"],
  external: ["vscode", "onnxruntime-node", "onnxruntime-common", "esbuild"],
};

/** Bundles a program of the repository, unminified. @returns the file */
export async function bundleForNode(entry, outfile) {
  const esbuild = await import("esbuild");
  const file = join(root, outfile);
  await esbuild.build({ ...node, entryPoints: [join(root, entry)], outfile: file, bundle: true, logLevel: "error" });
  return file;
}
