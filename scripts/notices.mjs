/** THIRD-PARTY-NOTICES.txt from the packages that enter the bundles (esbuild's metafiles) and the native part. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup.mjs";

const file = join(root, "THIRD-PARTY-NOTICES.txt");

function shippedPackages() {
  const metafiles = JSON.parse(readFileSync(join(root, ".cache", "metafiles.json"), "utf8")).filter(Boolean);
  const names = new Set(["onnxruntime-node", "onnxruntime-common", "tiktoken", "web-tree-sitter", "@vscode/tree-sitter-wasm"]);
  for (const input of metafiles.flatMap((meta) => Object.values(meta.outputs)).flatMap((output) => Object.keys(output.inputs))) {
    const match = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(input);
    if (match && !match[1].startsWith("@midtrain/")) names.add(match[1]);
  }
  return [...names].sort();
}

function notice(name) {
  const directory = join(root, "node_modules", name);
  if (!existsSync(directory)) return `${name}\n(nested dependency)\n`;
  const manifest = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  const licence = readdirSync(directory).find((entry) => /^(licen[cs]e|copying)(\.|$)/i.test(entry));
  const text = licence ? readFileSync(join(directory, licence), "utf8").trim() : `Licence: ${manifest.license}`;
  return `${name} ${manifest.version} (${manifest.license})\n\n${text}\n`;
}

const text = `Midtrain contains the following third-party software.\n\n${shippedPackages()
  .map(notice)
  .join(`\n${"-".repeat(79)}\n\n`)}`;
if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text);
