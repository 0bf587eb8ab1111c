/** The corpus in the editor, on the packaged .vsix in a real workbench: why, include, allow, compare, report, staleness. */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from "vitest";
import { fixtureRepository } from "./fixture-repository";
import { WorkbenchPage } from "./workbench-page";
import { keepLogs, projectRoot, startWorkbench, type WorkbenchServer } from "./workbench-server";

const vsix = join(projectRoot, ".cache", "package", "midtrain-linux-x64.vsix");
const patience = { timeout: 120_000 };
/** Looks like a credential, is none. */
const secret = ["AKIA", "Q3EGRTZ7XW5NVB2M"].join("");

const twin = Array.from({ length: 40 }, (_, line) => `export const warehouseShelf${line} = openShelf(${line}, "aisle ${line * 7}");`).join(
  "\n",
);

describe("the corpus in the editor", () => {
  let repository: string;
  let server: WorkbenchServer;
  let workbench: WorkbenchPage;

  beforeAll(async () => {
    repository = fixtureRepository({
      "package-lock.json": '{\n  "name": "warehouse",\n  "lockfileVersion": 3,\n  "packages": {}\n}\n',
      "shelves/main.ts": `${twin}\n`,
      "shelves/copy.ts": `${twin}\n`,
      "shelves/credentials.ts": `// opens the warehouse\nexport const accessKey = "${secret}";\n${twin.replaceAll("Shelf", "Gate")}\n`,
    });
    server = await startWorkbench({ vsix });
    workbench = await WorkbenchPage.open(server, repository);
  }, 180_000);

  afterAll(async () => {
    await workbench?.close();
    await server?.stop();
    if (repository) rmSync(repository, { recursive: true, force: true });
  });

  function keepOnFailure(name: string): void {
    onTestFailed(async () => {
      await workbench.screenshot(`failed-corpus-${name}`);
      keepLogs(server, `corpus-${name}`);
    });
  }

  const message = (): Promise<string> =>
    workbench
      .viewMessage("Corpus")
      .innerText()
      .catch(() => "");
  const configuration = (): string => {
    const file = join(repository, "midtrain.jsonc");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  };
  const corpora = (): number => readdirSync(join(repository, ".midtrain", "corpora")).filter((name) => !name.startsWith(".")).length;

  it("harvests, and opens the corpus level by level", async () => {
    keepOnFailure("tree");
    await workbench.openSideBar();
    await workbench.command("Midtrain: Harvest Corpus");
    await workbench.treeRows("Corpus").filter({ hasText: "Kept" }).first().waitFor(patience);
    await workbench.expand("Corpus", "Rejected", /^lock-file/);
    await workbench.treeRows("Corpus").filter({ hasText: "package-lock.json" }).first().waitFor();
    await workbench.expand("Corpus", "Kept", /^Source/);
    await workbench.screenshot("corpus-tree");
    await workbench.collapse("Corpus", /^Kept/);
  });

  it("says why a file is not in the corpus, includes it, and harvests again", async () => {
    keepOnFailure("include");
    await workbench.openFile("package-lock.json");
    await workbench.command("Midtrain: Why Is This File Not in the Corpus?");
    const answer = /package-lock\.json: Not in the corpus: .* Rule lock-file\./;
    await workbench.notifications().filter({ hasText: answer }).first().waitFor(patience);
    await workbench.notifications().filter({ hasText: answer }).first().hover();
    await workbench.screenshot("corpus-why");
    await workbench.notificationButton(answer, "Include Anyway").click();
    await expect.poll(configuration, patience).toContain('"include": ["package-lock.json"]');
    expect(configuration()).toContain('"$schema"');
    const before = corpora();
    await workbench.notificationButton(/Added "package-lock\.json" to corpus\.include/, "Harvest Again").click();
    await expect.poll(corpora, patience).toBe(before + 1);
    await workbench.treeRows("Corpus").filter({ hasText: "Kept" }).first().waitFor(patience);
    await expect.poll(() => workbench.treeRows("Corpus").filter({ hasText: "package-lock.json" }).count(), patience).toBe(0);
  });

  it("reviews redactions and allows one by its salted hash, never its value", async () => {
    keepOnFailure("allow");
    await workbench.command("Midtrain: Review Redactions");
    const finding = "shelves/credentials.ts:2";
    await workbench.pickRows().filter({ hasText: finding }).first().waitFor(patience);
    await workbench.screenshot("corpus-review");
    await workbench.pickRows().filter({ hasText: finding }).first().hover();
    await workbench.pickButton(finding).click();
    await workbench.pickRows().filter({ hasText: "This value, wherever it stands" }).first().click();
    await expect.poll(configuration, patience).toMatch(/"allow": \[\{ "rule": "[a-z-]+", "hash": "[0-9a-f]{16}:[0-9a-f]{16}" \}\]/);
    expect(configuration()).not.toContain(secret);
    expect(configuration()).toContain('"include": ["package-lock.json"]');
  });

  it("opens a duplicate beside the file that stayed", async () => {
    keepOnFailure("duplicate");
    await workbench.expand("Corpus", "Duplicates", /^shelves\//);
    await workbench
      .treeRows("Corpus")
      .filter({ hasText: /shelves\/.*same bytes/ })
      .first()
      .click();
    await workbench.diffEditor().first().waitFor(patience);
    await workbench.screenshot("corpus-duplicate");
    await workbench.page.keyboard.press("Control+F4");
  });

  it("draws the report, and a band opens its files", async () => {
    keepOnFailure("report");
    await workbench.command("Midtrain: Open Corpus Report");
    const panel = workbench.panel();
    await panel
      .locator("h1")
      .filter({ hasText: /files are in the corpus/ })
      .first()
      .waitFor(patience);
    await panel.locator("svg.flow [data-node=kept]").first().waitFor();
    await workbench.screenshot("corpus-report");
    await panel.locator("svg.flow [data-node='class source'] .target").first().click();
    await workbench.pickRows().filter({ hasText: "shelves/credentials.ts" }).first().waitFor(patience);
    await workbench.leavePick();
    await panel.locator("[data-action=check]").first().click();
    await panel
      .locator("section[aria-label=Check] p")
      .filter({ hasText: /^Checked: of [\d,]+ files no pair/ })
      .first()
      .waitFor(patience);
    await panel.locator("section[aria-label=Check] th").filter({ hasText: "the whole corpus" }).first().waitFor(patience);
    await workbench.screenshot("corpus-check");
    await workbench.page.keyboard.press("Control+F4");
  });

  it("says how stale the corpus is after an edit, and that it no longer is after its reversal", async () => {
    keepOnFailure("stale");
    await workbench.command("Midtrain: Harvest Corpus");
    await expect.poll(message, patience).not.toMatch(/Harvesting|since the harvest/);
    // The finding was allowed before this harvest.
    await expect
      .poll(
        () =>
          workbench
            .treeRows("Corpus")
            .filter({ hasText: /^Redacted/ })
            .count(),
        patience,
      )
      .toBe(0);
    const file = join(repository, "README.md");
    const before = readFileSync(file, "utf8");
    writeFileSync(file, `${before}\nOne more line.\n`);
    await workbench.viewMessage("Corpus").filter({ hasText: "1 file changed since the harvest." }).first().waitFor(patience);
    await workbench.screenshot("corpus-stale");
    writeFileSync(file, before);
    await expect.poll(message, patience).not.toContain("since the harvest");
  });

  it("harvests after a save where the setting says so, and not before", async () => {
    keepOnFailure("save");
    mkdirSync(join(repository, ".vscode"), { recursive: true });
    writeFileSync(join(repository, ".vscode", "settings.json"), '{ "midtrain.corpus.harvestOnSave": true }\n');
    const before = corpora();
    await workbench.openFile("shelves/credentials.ts");
    await workbench.page.keyboard.press("Control+End");
    // The workbench notices a changed settings file when its watcher does, which may be after a first save.
    const saveAgain = async (): Promise<number> => {
      await workbench.page.keyboard.type("// one more line ");
      await workbench.page.keyboard.press("Control+s");
      return corpora();
    };
    await expect.poll(saveAgain, { ...patience, interval: 3000 }).toBeGreaterThan(before);
    await expect.poll(message, patience).not.toMatch(/Harvesting|since the harvest/);
  });

  it("left no console error, foreign request, dialog or error in a log behind", async () => {
    expect(await workbench.dialogs().count()).toBe(0);
    expect(workbench.problems).toEqual([]);
    const errors = [...server.logs()].flatMap(([file, text]) =>
      /midtrain/i.test(file) ? text.split("\n").filter((line) => /\[error\]/.test(line)) : [],
    );
    expect(errors).toEqual([]);
  });
});
