/** `npm run pictures`: makes the pictures of the README again, from the end-to-end run in the real workbench. */
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "./setup.mjs";

const pictures = { "gates-finished": "gates", fragmentation: "fragmentation", corpus: "corpus", hover: "hover" };

run(process.execPath, [join(root, "scripts", "test.mjs"), "--e2e"]);
mkdirSync(join(root, "docs", "pictures"), { recursive: true });
for (const [shot, picture] of Object.entries(pictures)) {
  copyFileSync(join(root, "test-results", "screenshots", `${shot}.png`), join(root, "docs", "pictures", `${picture}.png`));
}
