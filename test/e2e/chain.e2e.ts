/** The whole chain from the palette, on the packaged .vsix in a real workbench. */
import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from "vitest";
import type { RunEvent } from "@midtrain/protocol/run";
import { fixtureRepository } from "./fixture-repository";
import { WorkbenchPage } from "./workbench-page";
import { keepLogs, projectRoot, startWorkbench, type WorkbenchServer } from "./workbench-server";

const vsix = join(projectRoot, ".cache", "package", "midtrain-linux-x64.vsix");
const patience = { timeout: 180_000 };

describe("the packaged extension in a workbench", () => {
  let repository: string;
  let server: WorkbenchServer;
  let workbench: WorkbenchPage;

  beforeAll(async () => {
    repository = fixtureRepository();
    server = await startWorkbench({ vsix, settings: { "midtrain.budget": "65536tok" } });
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

  const runs = (): string => join(repository, ".midtrain", "runs");
  const events = (run: string): readonly RunEvent[] =>
    readFileSync(join(runs(), run, "events.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as RunEvent);

  it("shows welcome views with one primary action each", async () => {
    keepOnFailure("welcome");
    await workbench.openSideBar();
    await workbench.pane("Corpus").getByText("Nothing leaves this machine").waitFor();
    await workbench.pane("Runs").getByText("Adapt This Repository").waitFor();
    await workbench.screenshot("welcome");
  });

  it("shows the pieces and counts of a name on hover", async () => {
    keepOnFailure("hover");
    await workbench.openFile("protocol/src/progress.ts");
    const text = await workbench.hover("secondsLeft", /tokens? here/);
    expect(text).toMatch(/seconds│?Left/i);
    expect(text).toMatch(/\d+ tokens? here · \d+ alone · \d+ after a space/);
    expect(text).toContain("o200k_base");
    await workbench.screenshot("hover");
  });

  it("harvests the corpus into the tree", async () => {
    keepOnFailure("harvest");
    await workbench.command("Midtrain: Harvest Corpus");
    await workbench.treeRows("Corpus").filter({ hasText: "Kept" }).first().waitFor(patience);
    await workbench.treeRows("Corpus").filter({ hasText: "Held out" }).first().waitFor();
    await workbench.screenshot("corpus");
  });

  it("reports what names cost, and a row opens its occurrences", async () => {
    keepOnFailure("fragmentation");
    await workbench.command("Midtrain: Show Fragmentation Report");
    const panel = workbench.panel();
    await panel.getByText(/cost/).first().waitFor(patience);
    await workbench.screenshot("fragmentation");
    await workbench.page.keyboard.press("Control+F4");
  });

  it("adapts the repository, fills the gates panel live, and survives a closed window", async () => {
    keepOnFailure("adapt");
    await workbench.command("Midtrain: Adapt This Repository");
    await workbench.treeRows("Runs").first().waitFor(patience);
    const panel = workbench.panel();
    await panel
      .getByText(/domain/i)
      .first()
      .waitFor(patience);
    const [run] = readdirSync(runs());
    await expect
      .poll(() => existsSync(join(runs(), run!, "events.jsonl")) && events(run!).some((event) => event.type === "step"), patience)
      .toBe(true);
    await workbench.screenshot("gates-live");

    const before = events(run!).length;
    await workbench.close();
    await expect.poll(() => events(run!).length > before, patience).toBe(true);
    workbench = await WorkbenchPage.open(server, repository);
    await workbench.openSideBar();
    await workbench.treeRows("Runs").filter({ hasText: run! }).first().waitFor(patience);
    await expect.poll(() => events(run!).some((event) => event.type === "run-finished"), { timeout: 280_000 }).toBe(true);
    expect(events(run!).map((event) => event.seq)).toEqual(events(run!).map((_, index) => index));

    await workbench.command("Midtrain: Open Gates");
    await workbench
      .panel()
      .getByText(/selected/i)
      .first()
      .waitFor(patience);
    await workbench.screenshot("gates-finished");
  }, 400_000);

  it("shows the report of the run, the file itself, where no browser can open it", async () => {
    keepOnFailure("report");
    await workbench.page.keyboard.press("Control+F4");
    await workbench.command("Midtrain: Open Run Report");
    const [run] = readdirSync(runs());
    await workbench.tab(`Report: ${run!}`).waitFor(patience);
    await workbench
      .panel()
      .getByText(/selected/i)
      .first()
      .waitFor(patience);
    expect(existsSync(join(runs(), run!, "report.html"))).toBe(true);
    await workbench.screenshot("report");
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
