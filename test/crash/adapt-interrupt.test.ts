import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunDocument } from "@midtrain/protocol/run";
import { followEvents, readEvents, readStatus, runFiles, runsDirectory } from "../../server/src/training";
import { makeRepository, makeTinyBase } from "../../server/src/training/test-support";
import { buildHouse, type House } from "./house";

/** The command line as a person uses it: a detached controller behind it, Ctrl-C, resume from another process. */
let house: House;
let repository: string;

beforeAll(async () => {
  house = await buildHouse();
  repository = makeRepository({ files: 40 });
  const gates = { evaluationsEarly: 1, evaluationsLate: 2 };
  const config = { model: makeTinyBase(), budget: "40000tok", training: { rowLength: 128, rowsPerStep: 4, repetitionCap: 20 }, gates };
  writeFileSync(join(repository, "midtrain.jsonc"), JSON.stringify(config));
}, 120_000);

afterAll(() => rmSync(house.root, { recursive: true, force: true }));

function midtrain(...args: readonly string[]): {
  readonly child: ChildProcess;
  readonly result: Promise<{ code: number | null; stdout: string; stderr: string }>;
} {
  const child = spawn(process.execPath, [house.bundle("midtrain.js"), ...args], { cwd: repository, stdio: ["ignore", "pipe", "pipe"] });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (data: Buffer) => out.push(data));
  child.stderr.on("data", (data: Buffer) => err.push(data));
  const result = once(child, "close").then(([code]) => ({
    code: code as number | null,
    stdout: Buffer.concat(out).toString(),
    stderr: Buffer.concat(err).toString(),
  }));
  return { child, result };
}

async function runDirectory(): Promise<string> {
  for (;;) {
    try {
      const [name] = readdirSync(runsDirectory(join(repository, ".midtrain")));
      if (name !== undefined) return join(runsDirectory(join(repository, ".midtrain")), name);
    } catch {
      // Not made yet.
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("midtrain adapt", () => {
  it("prints in order, leaves a resumable run on Ctrl-C with exit 130, and resume ends it with the table", async () => {
    const adapt = midtrain("adapt");
    const directory = await runDirectory();
    for await (const { event } of followEvents(runFiles(directory).events, {
      signal: new AbortController().signal,
      pollMilliseconds: 20,
    })) {
      if (event.type === "step" && event.step >= 3) break;
    }
    adapt.child.kill("SIGINT");
    const interrupted = await adapt.result;
    expect(interrupted.code).toBe(130);
    expect(interrupted.stdout).toMatch(
      /^corpus +\d+ files · [\d.,k]+ tokens · \d+ files held out[^]*^names +[\d.]+ tokens per name[^]*^baseline +domain /m,
    );
    expect(interrupted.stderr).toMatch(/Paused at step \d+ of \d+\. midtrain run resume normal-\S+ goes on from there\./);
    expect(readStatus(directory).state).toBe("paused");

    const { code, stdout } = await midtrain("run", "resume", "last").result;
    expect([0, 3]).toContain(code);
    expect(stdout).toMatch(/^ +base +last +selected +change +verdict\ndomain [^]*\nsafety /m);
    expect(stdout).toMatch(/On the sealed items, never used in the run: /);
    expect(stdout).toMatch(/Selected [^]*Stopped: /);
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^(report|next) /);
    for (const line of stdout.split("\n").filter((text) => /^(domain|general|behaviour|safety) /.test(text)))
      expect(line.length).toBeLessThanOrEqual(80);

    const shown = await midtrain("run", "show", "last", "--json").result;
    const document = JSON.parse(shown.stdout) as RunDocument;
    expect(document).toMatchObject({ state: "finished", directory, lineage: { restoreMode: "weights" } });
    expect(readEvents(runFiles(directory).events).events.filter((event) => event.type === "resumed")).toHaveLength(1);
    expect((await midtrain("gates", "last", "--recompute").result).stdout).toMatch(/recomputed +(\d+) records of \1 bit-equal/);
  }, 300_000);

  it("says in one JSON document what is wrong, with exit 2, for a run that is not there", async () => {
    const { code, stdout } = await midtrain("run", "show", "nothing", "--json").result;
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { reason: "input", message: "There is no run nothing." } });
  });
});
