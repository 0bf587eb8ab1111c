/** Restricted mode, and killed processes: nothing of the workspace runs untrusted, and nothing is lost. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sessionPerTest } from "./session";
import type { WorkbenchServer } from "./workbench-server";

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
  const session = sessionPerTest({ name: "resilience" });
  it("in restricted mode shows names but neither harvests nor trains, and says why", async () => {
    await session.open({ trusted: false });
    await session.workbench.openSideBar();
    await session.workbench.pane("Corpus").getByText("not trusted").waitFor(patience);
    await session.workbench.openFile("protocol/src/progress.ts");
    expect(await session.workbench.hover("secondsLeft", /tokens? here/)).toMatch(/tokens? here/);
    expect(existsSync(join(session.repository, ".midtrain"))).toBe(false);
    await session.workbench.screenshot("restricted");
  });

  it("answers again after its language server was killed", async () => {
    await session.open();
    await session.workbench.openFile("protocol/src/progress.ts");
    expect(await session.workbench.hover("secondsLeft", /tokens? here/)).toMatch(/tokens? here/);
    const before = languageServers(session.server);
    expect(before.length).toBe(1);
    process.kill(before[0]!, "SIGKILL");
    await expect.poll(() => languageServers(session.server).some((pid) => pid !== before[0]), patience).toBe(true);
    expect(await session.workbench.hover("secondsLeft", /tokens? here/)).toMatch(/tokens? here/);
  });

  it("keeps a run going when extension host and server are killed, and shows it again", async () => {
    await session.open();
    await session.workbench.openSideBar();
    await session.workbench.command("Midtrain: Start Training Run");
    await session.workbench
      .treeRows("Runs")
      .filter({ hasText: /step \d+/ })
      .first()
      .waitFor({ timeout: 240_000 });
    for (const pid of session.server.extensionHosts()) process.kill(pid, "SIGKILL");
    session.server.kill();
    await session.workbench.close();
    await session.open({ runDirectory: session.server.runDirectory });
    await session.workbench.openSideBar();
    await session.workbench
      .treeRows("Runs")
      .filter({ hasText: /step \d+|selected|base is kept/ })
      .first()
      .waitFor(patience);
    await session.workbench.command("Midtrain: Stop Run");
    await session.workbench
      .treeRows("Runs")
      .filter({ hasText: /selected|base is kept/ })
      .first()
      .waitFor({ timeout: 240_000 });
  }, 600_000);
});
