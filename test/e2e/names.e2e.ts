/** Names in the editor, on the packaged .vsix in a real workbench: hover links, hints, lens, tokens shown, the panel's map. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from "vitest";
import { fixtureRepository } from "./fixture-repository";
import { WorkbenchPage } from "./workbench-page";
import { keepLogs, projectRoot, startWorkbench, type WorkbenchServer } from "./workbench-server";

const vsix = join(projectRoot, ".cache", "package", "midtrain-linux-x64.vsix");
const patience = { timeout: 120_000 };
const lines = 20_000;

/** As long as a generated client of a large service, and without two equal lines. */
const longFile = Array.from({ length: lines }, (_, index) => `export const retryQueueDepthLimit${index} = ${index} * shardCount;`).join(
  "\n",
);

describe("names in a workbench", () => {
  let repository: string;
  let server: WorkbenchServer;
  let workbench: WorkbenchPage;

  beforeAll(async () => {
    repository = fixtureRepository({ "long.ts": longFile });
    server = await startWorkbench({
      vsix,
      settings: {
        "midtrain.inlayHints.enabled": true,
        "midtrain.inlayHints.minimumTokens": 2,
        "midtrain.inlayHints.show": "pieces",
        "midtrain.codeLens.enabled": true,
        "midtrain.diagnostics.enabled": true,
        "midtrain.diagnostics.minimumTokens": 4,
      },
    });
    workbench = await WorkbenchPage.open(server, repository);
  }, 180_000);

  afterAll(async () => {
    await workbench?.close();
    await server?.stop();
    if (repository) rmSync(repository, { recursive: true, force: true });
  });

  function keepOnFailure(name: string): void {
    onTestFailed(async () => {
      await workbench.screenshot(`failed-${name}`);
      keepLogs(server, name);
    });
  }

  it("shows pieces beside names and one lens over the file, where settings ask for them", async () => {
    keepOnFailure("names-hints");
    await workbench.openFile("protocol/src/progress.ts");
    await workbench.page
      .locator(".codelens-decoration")
      .filter({ hasText: /\d+ names · [\d.]+ tokens per name/ })
      .first()
      .waitFor(patience);
    await workbench.page.locator(".view-lines span", { hasText: "│" }).first().waitFor(patience);
    await workbench.screenshot("names-hints");
  });

  it("shows the real tokens and their number, and hides them again", async () => {
    keepOnFailure("tokens");
    const item = workbench.page.locator(".statusbar-item", { hasText: /\d tokens/ });
    await workbench.command("Midtrain: Show Tokens");
    await item.first().waitFor(patience);
    await workbench.screenshot("tokens");
    await workbench.command("Midtrain: Show Tokens");
    await expect.poll(() => item.count(), patience).toBe(0);
  });

  it("opens a directory of the map in the report, by keyboard", async () => {
    keepOnFailure("names-map");
    await workbench.command("Midtrain: Show Fragmentation Report");
    const panel = workbench.panel();
    const cell = panel.locator('svg.area-map [data-area="server/src"]').first();
    await cell.waitFor(patience);
    await cell.focus();
    await workbench.page.keyboard.press("Enter");
    await panel.locator("h2", { hasText: "below server/src/" }).first().waitFor(patience);
    await panel.locator('svg.area-map [data-area="server/src/gates"]').first().waitFor(patience);
    await workbench.screenshot("names-map");
    await panel.locator('[data-crumb=""]').first().click();
    await panel.locator('svg.area-map [data-area="server/src"]').first().waitFor(patience);
  });

  it("compares with another tokenizer, side by side", async () => {
    keepOnFailure("names-compare");
    const panel = workbench.panel();
    await panel.locator("[data-action=compare]").first().click();
    await workbench.pickRows().filter({ hasText: "cl100k_base" }).first().click();
    await workbench.page.locator(".quick-input-widget .monaco-button", { hasText: "OK" }).first().click();
    await panel.locator("section[aria-label='Tokenizers side by side'] th", { hasText: "cl100k_base" }).first().waitFor(patience);
    await workbench.screenshot("names-compare");
    await workbench.page.keyboard.press("Control+F4");
  });

  it("ignores a name from its hover, and says where it wrote that", async () => {
    keepOnFailure("names-ignore");
    await workbench.openFile("protocol/src/progress.ts");
    await workbench.hover("secondsLeft", /Ignore this name/);
    await workbench.page.locator(".monaco-hover a", { hasText: "Ignore this name" }).first().click();
    await workbench.notifications().filter({ hasText: "fragmentation.ignore" }).first().waitFor(patience);
    const file = join(repository, "midtrain.jsonc");
    await expect.poll(() => existsSync(file) && readFileSync(file, "utf8").includes("secondsLeft"), patience).toBe(true);
  });

  it("types into a file of 20,000 lines while its names are measured", async () => {
    keepOnFailure("names-long");
    await workbench.openFile("long.ts");
    await workbench.page
      .locator(".codelens-decoration")
      .filter({ hasText: /k names/ })
      .first()
      .waitFor(patience);
    await workbench.page.keyboard.press("Control+Home");
    const letters = "const typedWhileMeasuring = 1;";
    const started = Date.now();
    await workbench.page.keyboard.type(letters);
    await workbench.page.locator(".view-line", { hasText: "typedWhileMeasuring" }).first().waitFor(patience);
    process.stdout.write(`typing      ${letters.length} keys into ${lines} lines shown after ${Date.now() - started} ms\n`);
    await workbench.page.keyboard.press("Control+z");
  });
});
