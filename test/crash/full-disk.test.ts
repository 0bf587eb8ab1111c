import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { prepareRun, readEvents, readRun, readStatus, runFiles } from "../../server/src/training";
import { InThreadExecutor } from "../../server/src/executors";
import { makeRepository, makeTinyBase } from "../../server/src/training/test-support";
import { buildHouse } from "./house";

const isRoot = process.getuid?.() === 0 && process.platform === "linux" && canMount();

/** Containers often forbid it even to root. */
function canMount(): boolean {
  const place = mkdtempSync(join(tmpdir(), "midtrain-mount-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", place], { stdio: "ignore" });
    execFileSync("umount", [place]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

describe("a full disk", () => {
  it.skipIf(!isRoot)(
    "needs root and a tmpfs: the controller says so, and the run can be resumed when there is room again",
    async () => {
      const house = await buildHouse();
      const directory = makeRepository({ files: 40 });
      const config = {
        model: makeTinyBase(),
        budget: "8000tok",
        training: { rowLength: 128, rowsPerStep: 4 },
        gates: { evaluationsEarly: 1, evaluationsLate: 1 },
      };
      const elsewhere = join(directory, ".midtrain");
      const run = await prepareRun({ directory, midtrain: elsewhere, config, createExecutor: () => new InThreadExecutor() });
      const place = mkdtempSync(join(tmpdir(), "midtrain-full-"));
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", place]);
      try {
        const midtrain = join(place, ".midtrain");
        mkdirSync(midtrain);
        cpSync(elsewhere, midtrain, { recursive: true });
        const inside = join(midtrain, "runs", run.run);
        // Room for the events, not for a checkpoint with weights.
        const filler = join(place, "filler");
        const { bavail, bsize } = statfsSync(place);
        writeFileSync(filler, Buffer.alloc(bavail * bsize - 1_300_000));
        const log = join(directory, "controller.log");
        await control(house.bundle("run.js"), inside, log);
        expect(readFileSync(log, "utf8")).toMatch(/The disk is full\.\n?.*Free some space/s);
        expect(["failed", "lost"]).toContain(readStatus(inside).state);
        rmSync(filler);
        await control(house.bundle("run.js"), inside, log);
        expect(readStatus(inside).state).toBe("finished");
        expect(readRun(inside).final).not.toBeNull();
        const { events } = readEvents(runFiles(inside).events);
        expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i));
      } finally {
        execFileSync("umount", [place]);
        rmSync(house.root, { recursive: true, force: true });
      }
    },
    240_000,
  );
});

async function control(bundle: string, directory: string, log: string): Promise<void> {
  const child = spawn(process.execPath, [bundle, directory], { stdio: ["ignore", "ignore", "pipe"] });
  const said: Buffer[] = [];
  child.stderr.on("data", (data: Buffer) => said.push(data));
  await once(child, "close");
  writeFileSync(log, Buffer.concat(said));
}
