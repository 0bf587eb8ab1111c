/** The whole chain from the palette, on the packaged .vsix in a real workbench. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RunEvent } from "@midtrain/protocol/run";
import { sharedSession } from "./session";

const patience = { timeout: 180_000 };

describe("the packaged extension in a workbench", () => {
  const session = sharedSession({ name: "chain", settings: { "midtrain.budget": "65536tok" } });

  const runs = (): string => join(session.repository, ".midtrain", "runs");
  const events = (run: string): readonly RunEvent[] =>
    readFileSync(join(runs(), run, "events.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as RunEvent);

  it("shows welcome views with one primary action each", async () => {
    await session.workbench.openSideBar();
    await session.workbench.pane("Corpus").getByText("Nothing leaves this machine").waitFor();
    await session.workbench.pane("Runs").getByText("Adapt This Repository").waitFor();
    await session.workbench.screenshot("welcome");
  });

  it("shows the pieces and counts of a name on hover", async () => {
    await session.workbench.openFile("protocol/src/progress.ts");
    const text = await session.workbench.hover("secondsLeft", /tokens? here/);
    expect(text).toMatch(/seconds│?Left/i);
    expect(text).toMatch(/\d+ tokens? here · \d+ alone · \d+ after a space/);
    expect(text).toContain("o200k_base");
    await session.workbench.screenshot("hover");
  });

  it("harvests the corpus into the tree", async () => {
    await session.workbench.command("Midtrain: Harvest Corpus");
    await session.workbench.treeRows("Corpus").filter({ hasText: "Kept" }).first().waitFor(patience);
    await session.workbench.treeRows("Corpus").filter({ hasText: "Held out" }).first().waitFor();
    await session.workbench.screenshot("corpus");
  });

  it("reports what names cost, and a row opens its occurrences", async () => {
    await session.workbench.command("Midtrain: Show Fragmentation Report");
    const panel = session.workbench.panel();
    await panel.getByText(/cost/).first().waitFor(patience);
    await session.workbench.screenshot("fragmentation");
    await session.workbench.page.keyboard.press("Control+F4");
  });

  it("adapts the repository, fills the gates panel live, and survives a closed window", async () => {
    await session.workbench.command("Midtrain: Adapt This Repository");
    await session.workbench.treeRows("Runs").first().waitFor(patience);
    const panel = session.workbench.panel();
    await panel
      .getByText(/domain/i)
      .first()
      .waitFor(patience);
    const [run] = readdirSync(runs());
    await expect
      .poll(() => existsSync(join(runs(), run!, "events.jsonl")) && events(run!).some((event) => event.type === "step"), patience)
      .toBe(true);
    await session.workbench.screenshot("gates-live");

    const before = events(run!).length;
    await session.workbench.close();
    await expect.poll(() => events(run!).length > before, patience).toBe(true);
    await session.reopenWindow();
    await session.workbench.openSideBar();
    await session.workbench.treeRows("Runs").filter({ hasText: run! }).first().waitFor(patience);
    await expect.poll(() => events(run!).some((event) => event.type === "run-finished"), { timeout: 280_000 }).toBe(true);
    expect(events(run!).map((event) => event.seq)).toEqual(events(run!).map((_, index) => index));

    await session.workbench.command("Midtrain: Open Gates");
    await session.workbench
      .panel()
      .getByText(/selected/i)
      .first()
      .waitFor(patience);
    await session.workbench.screenshot("gates-finished");
  }, 400_000);

  it("shows the report of the run, the file itself, where no browser can open it", async () => {
    await session.workbench.page.keyboard.press("Control+F4");
    await session.workbench.command("Midtrain: Open Run Report");
    const [run] = readdirSync(runs());
    await session.workbench.tab(`Report: ${run!}`).waitFor(patience);
    await session.workbench
      .panel()
      .getByText(/selected/i)
      .first()
      .waitFor(patience);
    expect(existsSync(join(runs(), run!, "report.html"))).toBe(true);
    await session.workbench.screenshot("report");
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
