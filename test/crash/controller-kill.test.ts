import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync, rmSync, truncateSync, watch } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunEvent } from "@midtrain/protocol/run";
import { followEvents, readEvents, readStatus, recomputeRun, runFiles } from "../../server/src/training";
import { seededRandom } from "../../server/src/platform/random";
import { end, killAfter, outcomeOf, prepareToBeKilled, type PreparedRun } from "./killed-runs";

let prepared: PreparedRun;

beforeAll(async () => {
  prepared = await prepareToBeKilled({ budget: "20000tok", gates: { evaluationsEarly: 1, evaluationsLate: 3 } });
}, 300_000);

afterAll(() => rmSync(prepared.house.root, { recursive: true, force: true }));

const copy = (name: string): string => prepared.copy(name);
const start = (directory: string): ChildProcess => prepared.start(directory);

describe("kill -9 of the controller", () => {
  it("at twelve random places leaves losses, figures, selection and weights bit-equal to an uninterrupted run", async () => {
    const directory = copy("killed");
    const random = seededRandom("kill", 1);
    let kills = 0;
    for (; kills < 12 && readStatus(directory).state !== "finished"; kills++) {
      await killAfter(directory, start(directory), 5 + random.int(9));
      expect(["lost", "queued"]).toContain(readStatus(directory).state);
    }
    await end(start(directory));
    expect(kills).toBe(12);
    expect(outcomeOf(directory)).toEqual(prepared.whole);
    const { events } = readEvents(runFiles(directory).events);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i));
    expect(events.filter((event) => event.type === "resumed").length).toBeGreaterThanOrEqual(11);
    expect((await recomputeRun(directory)).filter(({ problem }) => problem !== undefined)).toEqual([]);
  }, 300_000);

  it("inside a checkpoint write leaves no checkpoint, and the run goes on as if nothing had happened", async () => {
    const directory = copy("killed-in-checkpoint");
    const { checkpoints } = runFiles(directory);
    const child = start(directory);
    await killAfterFirstOf(directory, child, checkpoints);
    expect(readdirSync(checkpoints).filter((name) => name.endsWith(".tmp"))).toHaveLength(1);
    await end(start(directory));
    expect(readdirSync(checkpoints).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    const warnings = readEvents(runFiles(directory).events).events.filter((event) => event.type === "log" && event.level === "warning");
    expect(JSON.stringify(warnings)).toContain("Removed unfinished checkpoints");
    expect(outcomeOf(directory)).toEqual(prepared.whole);
  }, 300_000);

  it("with the newest checkpoint cut off uses the next older one and says so", async () => {
    const directory = copy("truncated");
    const isStep = (event: RunEvent): boolean => event.type === "checkpoint" && event.step > 0;
    await killAfter(directory, start(directory), 2, isStep);
    const { events } = readEvents(runFiles(directory).events);
    const newest = events.filter((event) => event.type === "checkpoint").at(-1)!;
    const state = join(directory, newest.type === "checkpoint" ? newest.checkpoint : "", "state");
    const file = join(
      state,
      readdirSync(state).find((name) => name.startsWith("parameters"))!,
    );
    truncateSync(file, 1000);
    await end(start(directory));
    const said = readEvents(runFiles(directory).events)
      .events.filter((event) => event.type === "log")
      .map((event) => (event.type === "log" ? event.text : ""));
    expect(said.join("\n")).toMatch(
      /cannot be used \(state\/parameters-[0-9a-f]+\.safetensors is cut off or changed\); the next older one is/,
    );
    expect(outcomeOf(directory)).toEqual(prepared.whole);
  }, 300_000);

  it("two runs of one repository at once do not disturb one another", async () => {
    const [one, two] = [copy("one"), copy("two")];
    await Promise.all([end(start(one)), end(start(two))]);
    expect(outcomeOf(one)).toEqual(prepared.whole);
    expect(outcomeOf(two)).toEqual(prepared.whole);
  }, 300_000);
});

/** Kills as soon as the second hidden checkpoint directory appears: the first is the base's, which holds no weights. */
async function killAfterFirstOf(directory: string, child: ChildProcess, checkpoints: string): Promise<void> {
  const isBase = (event: RunEvent): boolean => event.type === "checkpoint";
  const fromByte = 0;
  for await (const { event } of followEvents(runFiles(directory).events, {
    fromByte,
    signal: new AbortController().signal,
    pollMilliseconds: 20,
    isOver: () => child.exitCode !== null,
  })) {
    if (isBase(event)) break;
  }
  await new Promise<void>((resolve) => {
    const watcher = watch(checkpoints, (_change, name) => {
      if (name?.endsWith(".tmp") !== true || !existsSync(join(checkpoints, name))) return;
      watcher.close();
      child.kill("SIGKILL");
      resolve();
    });
  });
  await end(child);
}
