/** The package without the native part, as macOS and Windows users get it: everything but training, and it says so. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sharedSession } from "./session";

const patience = { timeout: 120_000 };

describe("the universal package in a workbench", () => {
  const session = sharedSession({ name: "universal", package: "universal" });

  it("carries no native part, activates and harvests", async () => {
    const installed = readdirSync(join(session.server.runDirectory, "ext")).find((name) => name.startsWith("midtrain"));
    expect(existsSync(join(session.server.runDirectory, "ext", installed!, "dist", "native"))).toBe(false);
    await session.workbench.openSideBar();
    await session.workbench.pane("Runs").getByText("Adapt This Repository").waitFor();
    await session.workbench.command("Midtrain: Harvest Corpus");
    await session.workbench.treeRows("Corpus").filter({ hasText: "Kept" }).first().waitFor(patience);
  });

  it("reports what names cost", async () => {
    await session.workbench.command("Midtrain: Show Fragmentation Report");
    await session.workbench.panel().getByText(/cost/).first().waitFor(patience);
    await session.workbench.page.keyboard.press("Control+F4");
  });

  it("says that training needs the platform package, in one notification, and leaves no run behind", async () => {
    await session.workbench.command("Midtrain: Adapt This Repository");
    await session.workbench
      .notifications()
      .filter({ hasText: /Training needs the platform package of Midtrain.*Harvest and names work without it/ })
      .first()
      .waitFor(patience);
    expect(await session.workbench.notifications().count()).toBe(1);
    expect(existsSync(join(session.repository, ".midtrain", "runs"))).toBe(false);
    await session.workbench.screenshot("universal-adapt");
  });

  it("left no console error, foreign request or dialog behind", async () => {
    expect(await session.workbench.dialogs().count()).toBe(0);
    // The workbench writes every error notification to the console as well.
    expect(session.workbench.problems.filter((problem) => !problem.includes("Training needs the platform package"))).toEqual([]);
  });
});
