/** Names in the editor, on the packaged .vsix in a real workbench: hover links, hints, lens, tokens shown, the panel's map. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sharedSession } from "./session";

const patience = { timeout: 120_000 };
const lines = 20_000;

/** As long as a generated client of a large service, and without two equal lines. */
const longFile = Array.from({ length: lines }, (_, index) => `export const retryQueueDepthLimit${index} = ${index} * shardCount;`).join(
  "\n",
);

describe("names in a workbench", () => {
  const session = sharedSession({
    name: "names",
    files: { "long.ts": longFile },
    settings: {
      "midtrain.inlayHints.enabled": true,
      "midtrain.inlayHints.minimumTokens": 2,
      "midtrain.inlayHints.show": "pieces",
      "midtrain.codeLens.enabled": true,
      "midtrain.diagnostics.enabled": true,
      "midtrain.diagnostics.minimumTokens": 4,
    },
  });

  it("shows pieces beside names and one lens over the file, where settings ask for them", async () => {
    await session.workbench.openFile("protocol/src/progress.ts");
    await session.workbench.page
      .locator(".codelens-decoration")
      .filter({ hasText: /\d+ names · [\d.]+ tokens per name/ })
      .first()
      .waitFor(patience);
    await session.workbench.page.locator(".view-lines span", { hasText: "│" }).first().waitFor(patience);
    await session.workbench.screenshot("names-hints");
  });

  it("shows the real tokens and their number, and hides them again", async () => {
    const item = session.workbench.page.locator(".statusbar-item", { hasText: /\d tokens/ });
    await session.workbench.command("Midtrain: Show Tokens");
    await item.first().waitFor(patience);
    await session.workbench.screenshot("tokens");
    await session.workbench.command("Midtrain: Show Tokens");
    await expect.poll(() => item.count(), patience).toBe(0);
  });

  it("opens a directory of the map in the report, by keyboard", async () => {
    await session.workbench.command("Midtrain: Show Fragmentation Report");
    const panel = session.workbench.panel();
    const cell = panel.locator('svg.area-map [data-area="server/src"]').first();
    await cell.waitFor(patience);
    await cell.focus();
    await session.workbench.page.keyboard.press("Enter");
    await panel.locator("h2", { hasText: "below server/src/" }).first().waitFor(patience);
    await panel.locator('svg.area-map [data-area="server/src/gates"]').first().waitFor(patience);
    await session.workbench.screenshot("names-map");
    await panel.locator('[data-crumb=""]').first().click();
    await panel.locator('svg.area-map [data-area="server/src"]').first().waitFor(patience);
  });

  it("compares with another tokenizer, side by side", async () => {
    const panel = session.workbench.panel();
    await panel.locator("[data-action=compare]").first().click();
    await session.workbench.pickRows().filter({ hasText: "cl100k_base" }).first().click();
    await session.workbench.page.locator(".quick-input-widget .monaco-button", { hasText: "OK" }).first().click();
    await panel.locator("section[aria-label='Tokenizers side by side'] th", { hasText: "cl100k_base" }).first().waitFor(patience);
    await session.workbench.screenshot("names-compare");
    await session.workbench.page.keyboard.press("Control+F4");
  });

  it("ignores a name from its hover, and says where it wrote that", async () => {
    await session.workbench.openFile("protocol/src/progress.ts");
    await session.workbench.hover("secondsLeft", /Ignore this name/);
    await session.workbench.page.locator(".monaco-hover a", { hasText: "Ignore this name" }).first().click();
    await session.workbench.notifications().filter({ hasText: "fragmentation.ignore" }).first().waitFor(patience);
    const file = join(session.repository, "midtrain.jsonc");
    await expect.poll(() => existsSync(file) && readFileSync(file, "utf8").includes("secondsLeft"), patience).toBe(true);
  });

  it("types into a file of 20,000 lines while its names are measured", async () => {
    await session.workbench.openFile("long.ts");
    await session.workbench.page
      .locator(".codelens-decoration")
      .filter({ hasText: /k names/ })
      .first()
      .waitFor(patience);
    await session.workbench.page.keyboard.press("Control+Home");
    const letters = "const typedWhileMeasuring = 1;";
    const started = Date.now();
    await session.workbench.page.keyboard.type(letters);
    await session.workbench.page.locator(".view-line", { hasText: "typedWhileMeasuring" }).first().waitFor(patience);
    process.stdout.write(`typing      ${letters.length} keys into ${lines} lines shown after ${Date.now() - started} ms\n`);
    await session.workbench.page.keyboard.press("Control+z");
  });
});
