import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  checkpointBytes,
  firstDamage,
  listCheckpoints,
  nextCheckpointName,
  pruneCheckpoint,
  readControllerJson,
  removeUnfinished,
  writeCheckpoint,
} from "./checkpoints";

const place = (): string => join(mkdtempSync(join(tmpdir(), "midtrain-checkpoints-")), "checkpoints");

async function save(places: { readonly state: string; readonly model: string }): Promise<void> {
  mkdirSync(join(places.state, "deep"), { recursive: true });
  mkdirSync(places.model);
  writeFileSync(join(places.state, "deep", "moments.bin"), Buffer.alloc(1000, 7));
  writeFileSync(join(places.model, "model.safetensors"), Buffer.alloc(500, 9));
}

const write = (root: string, step: number, ordinal: number, branch = 0): ReturnType<typeof writeCheckpoint> =>
  writeCheckpoint(root, {
    name: nextCheckpointName(root, step),
    step,
    branch,
    ordinal,
    controller: { step, remembered: "everything" },
    save,
  });

describe("checkpoints", () => {
  it("come back oldest first with what the controller stored; step 0 holds no weights", async () => {
    const root = place();
    await writeCheckpoint(root, { name: "0", step: 0, branch: 0, ordinal: 0, controller: { step: 0 } });
    await write(root, 20, 2);
    await write(root, 100, 1);
    const { checkpoints, broken } = listCheckpoints(root);
    expect(checkpoints.map((c) => [c.name, c.manifest.state])).toEqual([
      ["0", "base"],
      ["100", "full"],
      ["20", "full"],
    ]);
    expect(broken).toEqual([]);
    expect(readControllerJson(checkpoints[2]!)).toEqual({ step: 20, remembered: "everything" });
    expect(checkpointBytes(checkpoints[2]!)).toBeGreaterThan(1500);
    expect(checkpoints.map(firstDamage)).toEqual([undefined, undefined, undefined]);
  });

  it("take another name when a branch comes by the same step again", async () => {
    const root = place();
    await write(root, 20, 0);
    const again = await write(root, 20, 1, 1);
    expect(again.name).toBe("20.2");
    expect(listCheckpoints(root).checkpoints.map((c) => c.name)).toEqual(["20", "20.2"]);
  });

  it("show what was cut off, changed or lost", async () => {
    const root = place();
    const checkpoint = await write(root, 20, 0);
    const state = join(checkpoint.directory, "state", "deep", "moments.bin");
    truncateSync(state, 999);
    expect(firstDamage(checkpoint)).toBe("state/deep/moments.bin");
    writeFileSync(state, Buffer.alloc(1000, 8));
    expect(firstDamage(checkpoint)).toBe("state/deep/moments.bin");
    rmSync(state);
    expect(firstDamage(checkpoint)).toBe("state/deep/moments.bin");
  });

  it("are pruned by part: the manifest forgets what is gone", async () => {
    const root = place();
    const full = await write(root, 20, 0);
    const weightsOnly = pruneCheckpoint(full, { state: false, model: true });
    expect(weightsOnly.manifest).toMatchObject({ state: "pruned", model: "kept" });
    expect(existsSync(join(full.directory, "state"))).toBe(false);
    expect(firstDamage(listCheckpoints(root).checkpoints[0]!)).toBeUndefined();
    const bare = pruneCheckpoint(weightsOnly, { state: false, model: false });
    expect(bare.manifest).toMatchObject({ state: "pruned", model: "pruned" });
    expect(bare.manifest.files).toEqual({});
    expect(readdirSync(full.directory)).toEqual(["manifest.json"]);
    expect(nextCheckpointName(root, 20)).toBe("20.2");
  });

  it("leave nothing when the writer fails, and leftovers of a killed writer are removed by name", async () => {
    const root = place();
    await expect(
      writeCheckpoint(root, {
        name: "5",
        step: 5,
        branch: 0,
        ordinal: 0,
        controller: {},
        save: () => Promise.reject(new Error("worker died")),
      }),
    ).rejects.toThrow("worker died");
    expect(readdirSync(root)).toEqual([]);
    mkdirSync(join(root, ".0123456789ab.tmp", "state"), { recursive: true });
    mkdirSync(join(root, "40"));
    writeFileSync(join(root, "40", "manifest.json"), '{"format": 1, "ordi');
    const sound = await write(root, 20, 1);
    expect([...removeUnfinished(root)].sort()).toEqual([".0123456789ab.tmp", "40"]);
    expect(readdirSync(root)).toEqual(["20"]);
    expect(statSync(sound.directory).isDirectory()).toBe(true);
  });
});
