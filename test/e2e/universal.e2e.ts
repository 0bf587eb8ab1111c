/** The package without the native part, as macOS and Windows users get it: everything but training, and it says so. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from "vitest";
import { fixtureRepository } from "./fixture-repository";
import { WorkbenchPage } from "./workbench-page";
import { keepLogs, projectRoot, startWorkbench, type WorkbenchServer } from "./workbench-server";

const vsix = join(projectRoot, ".cache", "package", "midtrain-universal.vsix");
const patience = { timeout: 120_000 };

describe("the universal package in a workbench", () => {
  let repository: string;
  let server: WorkbenchServer;
  let workbench: WorkbenchPage;

  beforeAll(async () => {
    repository = fixtureRepository();
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
      await workbench.screenshot(`failed-universal-${name}`);
      keepLogs(server, `universal-${name}`);
    });
  }

  it("carries no native part, activates and harvests", async () => {
    keepOnFailure("harvest");
    const installed = readdirSync(join(server.runDirectory, "ext")).find((name) => name.startsWith("midtrain"));
    expect(existsSync(join(server.runDirectory, "ext", installed!, "dist", "native"))).toBe(false);
    await workbench.openSideBar();
    await workbench.pane("Runs").getByText("Adapt This Repository").waitFor();
    await workbench.command("Midtrain: Harvest Corpus");
    await workbench.treeRows("Corpus").filter({ hasText: "Kept" }).first().waitFor(patience);
  });

  it("reports what names cost", async () => {
    keepOnFailure("fragmentation");
    await workbench.command("Midtrain: Show Fragmentation Report");
    await workbench.panel().getByText(/cost/).first().waitFor(patience);
    await workbench.page.keyboard.press("Control+F4");
  });

  it("says that training needs the platform package, in one notification, and leaves no run behind", async () => {
    keepOnFailure("adapt");
    await workbench.command("Midtrain: Adapt This Repository");
    await workbench
      .notifications()
      .filter({ hasText: /Training needs the platform package of Midtrain.*Harvest and names work without it/ })
      .first()
      .waitFor(patience);
    expect(await workbench.notifications().count()).toBe(1);
    expect(existsSync(join(repository, ".midtrain", "runs"))).toBe(false);
    await workbench.screenshot("universal-adapt");
  });

  it("left no console error, foreign request or dialog behind", async () => {
    expect(await workbench.dialogs().count()).toBe(0);
    // The workbench writes every error notification to the console as well.
    expect(workbench.problems.filter((problem) => !problem.includes("Training needs the platform package"))).toEqual([]);
  });
});
