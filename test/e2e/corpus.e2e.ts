/** The corpus in the editor, on the packaged .vsix in a real workbench: why, include, allow, compare, report, staleness. */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sharedSession } from "./session";

const patience = { timeout: 120_000 };
/** Looks like a credential, is none. */
const secret = ["AKIA", "Q3EGRTZ7XW5NVB2M"].join("");

const twin = Array.from({ length: 40 }, (_, line) => `export const warehouseShelf${line} = openShelf(${line}, "aisle ${line * 7}");`).join(
  "\n",
);

describe("the corpus in the editor", () => {
  const session = sharedSession({
    name: "corpus",
    files: {
      "package-lock.json": '{\n  "name": "warehouse",\n  "lockfileVersion": 3,\n  "packages": {}\n}\n',
      "shelves/main.ts": `${twin}\n`,
      "shelves/copy.ts": `${twin}\n`,
      "shelves/credentials.ts": `// opens the warehouse\nexport const accessKey = "${secret}";\n${twin.replaceAll("Shelf", "Gate")}\n`,
    },
  });

  const message = (): Promise<string> =>
    session.workbench
      .viewMessage("Corpus")
      .innerText()
      .catch(() => "");
  const configuration = (): string => {
    const file = join(session.repository, "midtrain.jsonc");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  };
  const corpora = (): number =>
    readdirSync(join(session.repository, ".midtrain", "corpora")).filter((name) => !name.startsWith(".")).length;

  it("harvests, and opens the corpus level by level", async () => {
    await session.workbench.openSideBar();
    await session.workbench.command("Midtrain: Harvest Corpus");
    await session.workbench.treeRows("Corpus").filter({ hasText: "Kept" }).first().waitFor(patience);
    await session.workbench.expand("Corpus", "Rejected", /^lock-file/);
    await session.workbench.treeRows("Corpus").filter({ hasText: "package-lock.json" }).first().waitFor();
    await session.workbench.expand("Corpus", "Kept", /^Source/);
    await session.workbench.screenshot("corpus-tree");
    await session.workbench.collapse("Corpus", /^Kept/);
  });

  it("says why a file is not in the corpus, includes it, and harvests again", async () => {
    await session.workbench.openFile("package-lock.json");
    await session.workbench.command("Midtrain: Why Is This File Not in the Corpus?");
    const answer = /package-lock\.json: Not in the corpus: .* Rule lock-file\./;
    await session.workbench.notifications().filter({ hasText: answer }).first().waitFor(patience);
    await session.workbench.notifications().filter({ hasText: answer }).first().hover();
    await session.workbench.screenshot("corpus-why");
    await session.workbench.notificationButton(answer, "Include Anyway").click();
    await expect.poll(configuration, patience).toContain('"include": ["package-lock.json"]');
    expect(configuration()).toContain('"$schema"');
    const before = corpora();
    await session.workbench.notificationButton(/Added "package-lock\.json" to corpus\.include/, "Harvest Again").click();
    await expect.poll(corpora, patience).toBe(before + 1);
    await session.workbench.treeRows("Corpus").filter({ hasText: "Kept" }).first().waitFor(patience);
    await expect.poll(() => session.workbench.treeRows("Corpus").filter({ hasText: "package-lock.json" }).count(), patience).toBe(0);
  });

  it("reviews redactions and allows one by its salted hash, never its value", async () => {
    await session.workbench.command("Midtrain: Review Redactions");
    const finding = "shelves/credentials.ts:2";
    await session.workbench.pickRows().filter({ hasText: finding }).first().waitFor(patience);
    await session.workbench.screenshot("corpus-review");
    await session.workbench.pickRows().filter({ hasText: finding }).first().hover();
    await session.workbench.pickButton(finding).click();
    await session.workbench.pickRows().filter({ hasText: "This value, wherever it stands" }).first().click();
    await expect.poll(configuration, patience).toMatch(/"allow": \[\{ "rule": "[a-z-]+", "hash": "[0-9a-f]{16}:[0-9a-f]{16}" \}\]/);
    expect(configuration()).not.toContain(secret);
    expect(configuration()).toContain('"include": ["package-lock.json"]');
  });

  it("opens a duplicate beside the file that stayed", async () => {
    await session.workbench.expand("Corpus", "Duplicates", /^shelves\//);
    await session.workbench
      .treeRows("Corpus")
      .filter({ hasText: /shelves\/.*same bytes/ })
      .first()
      .click();
    await session.workbench.diffEditor().first().waitFor(patience);
    await session.workbench.screenshot("corpus-duplicate");
    await session.workbench.page.keyboard.press("Control+F4");
  });

  it("draws the report, and a band opens its files", async () => {
    await session.workbench.command("Midtrain: Open Corpus Report");
    const panel = session.workbench.panel();
    await panel
      .locator("h1")
      .filter({ hasText: /files are in the corpus/ })
      .first()
      .waitFor(patience);
    await panel.locator("svg.flow [data-node=kept]").first().waitFor();
    await session.workbench.screenshot("corpus-report");
    await panel.locator("svg.flow [data-node='class source'] .target").first().click();
    await session.workbench.pickRows().filter({ hasText: "shelves/credentials.ts" }).first().waitFor(patience);
    await session.workbench.leavePick();
    await panel.locator("[data-action=check]").first().click();
    await panel
      .locator("section[aria-label=Check] p")
      .filter({ hasText: /^Checked: of [\d,]+ files no pair/ })
      .first()
      .waitFor(patience);
    await panel.locator("section[aria-label=Check] th").filter({ hasText: "the whole corpus" }).first().waitFor(patience);
    await session.workbench.screenshot("corpus-check");
    await session.workbench.page.keyboard.press("Control+F4");
  });

  it("says how stale the corpus is after an edit, and that it no longer is after its reversal", async () => {
    await session.workbench.command("Midtrain: Harvest Corpus");
    await expect.poll(message, patience).not.toMatch(/Harvesting|since the harvest/);
    // The finding was allowed before this harvest.
    await expect
      .poll(
        () =>
          session.workbench
            .treeRows("Corpus")
            .filter({ hasText: /^Redacted/ })
            .count(),
        patience,
      )
      .toBe(0);
    const file = join(session.repository, "README.md");
    const before = readFileSync(file, "utf8");
    writeFileSync(file, `${before}\nOne more line.\n`);
    await session.workbench.viewMessage("Corpus").filter({ hasText: "1 file changed since the harvest." }).first().waitFor(patience);
    await session.workbench.screenshot("corpus-stale");
    writeFileSync(file, before);
    await expect.poll(message, patience).not.toContain("since the harvest");
  });

  it("harvests after a save where the setting says so, and not before", async () => {
    mkdirSync(join(session.repository, ".vscode"), { recursive: true });
    writeFileSync(join(session.repository, ".vscode", "settings.json"), '{ "midtrain.corpus.harvestOnSave": true }\n');
    const before = corpora();
    await session.workbench.openFile("shelves/credentials.ts");
    await session.workbench.page.keyboard.press("Control+End");
    // The workbench notices a changed settings file when its watcher does, which may be after a first save.
    const saveAgain = async (): Promise<number> => {
      await session.workbench.page.keyboard.type("// one more line ");
      await session.workbench.page.keyboard.press("Control+s");
      return corpora();
    };
    await expect.poll(saveAgain, { ...patience, interval: 3000 }).toBeGreaterThan(before);
    await expect.poll(message, patience).not.toMatch(/Harvesting|since the harvest/);
  });

  it("left no console error, foreign request, dialog or error in a log behind", async () => {
    expect(await session.workbench.dialogs().count()).toBe(0);
    expect(session.workbench.problems).toEqual([]);
    const errors = [...session.server.logs()].flatMap(([file, text]) =>
      /midtrain/i.test(file) ? text.split("\n").filter((line) => /\[error\]/.test(line)) : [],
    );
    expect(errors).toEqual([]);
  });
});
