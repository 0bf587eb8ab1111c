/** Restricted mode, and killed processes: nothing of the workspace runs untrusted, and nothing is lost. */
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFailed } from "vitest";
import { fixtureRepository } from "./fixture-repository";
import { WorkbenchPage } from "./workbench-page";
import { keepLogs, projectRoot, startWorkbench, type WorkbenchServer } from "./workbench-server";

const vsix = join(projectRoot, ".cache", "package", "midtrain-linux-x64.vsix");
const patience = { timeout: 120_000 };

/** Process ids of the language server of this workbench. */
function languageServers(server: WorkbenchServer): readonly number[] {
  const extensions = join(server.runDirectory, "ext");
  const listing = spawnSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" }).stdout;
  return listing
    .split("\n")
    .flatMap((line) => (line.includes(extensions) && line.includes("lsp.js") ? [Number(line.trim().split(/\s+/)[0])] : []));
}

describe("the extension when things break", () => {
  let repository: string;
  let server: WorkbenchServer;
  let workbench: WorkbenchPage;

  beforeEach(() => {
    repository = fixtureRepository();
  });

  afterEach(async () => {
    await workbench?.close();
    await server?.stop();
    rmSync(repository, { recursive: true, force: true });
  });

  async function open(options: { readonly trusted?: boolean } = {}, name = "resilience"): Promise<void> {
    server = await startWorkbench({ vsix, ...options });
    workbench = await WorkbenchPage.open(server, repository);
    onTestFailed(() => keepLogs(server, name));
  }

  it("in restricted mode shows names but neither harvests nor trains, and says why", async () => {
    await open({ trusted: false }, "restricted");
    await workbench.openSideBar();
    await workbench.pane("Corpus").getByText("not trusted").waitFor(patience);
    await workbench.openFile("protocol/src/progress.ts");
    expect(await workbench.hover("secondsLeft", /tokens? here/)).toMatch(/tokens? here/);
    expect(existsSync(join(repository, ".midtrain"))).toBe(false);
    await workbench.screenshot("restricted");
  });

  // Once in three runs of one day no hover came after the kill; each try opens a workbench of its own.
  it("answers again after its language server was killed", { retry: 1 }, async () => {
    await open({}, "kill-language-server");
    await workbench.openFile("protocol/src/progress.ts");
    expect(await workbench.hover("secondsLeft", /tokens? here/)).toMatch(/tokens? here/);
    const before = languageServers(server);
    expect(before.length).toBe(1);
    process.kill(before[0]!, "SIGKILL");
    await expect.poll(() => languageServers(server).some((pid) => pid !== before[0]), patience).toBe(true);
    await workbench.page.mouse.move(5, 5);
    expect(await workbench.hover("secondsLeft", /tokens? here/)).toMatch(/tokens? here/);
  });

  it("keeps a run going when extension host and server are killed, and shows it again", async () => {
    await open({}, "kill-server");
    await workbench.openSideBar();
    await workbench.command("Midtrain: Start Training Run");
    await workbench
      .treeRows("Runs")
      .filter({ hasText: /step \d+/ })
      .first()
      .waitFor({ timeout: 240_000 });
    for (const pid of server.extensionHosts()) process.kill(pid, "SIGKILL");
    server.kill();
    await workbench.close();
    const directory = server.runDirectory;
    server = await startWorkbench({ vsix, runDirectory: directory });
    workbench = await WorkbenchPage.open(server, repository);
    await workbench.openSideBar();
    await workbench
      .treeRows("Runs")
      .filter({ hasText: /step \d+|selected|base is kept/ })
      .first()
      .waitFor(patience);
    await workbench.command("Midtrain: Stop Run");
    await workbench
      .treeRows("Runs")
      .filter({ hasText: /selected|base is kept/ })
      .first()
      .waitFor({ timeout: 240_000 });
  }, 600_000);
});
