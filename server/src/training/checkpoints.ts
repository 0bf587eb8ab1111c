/**
 * checkpoints/<step>/: `state/` (all an executor needs for a bit-exact resume), `model/` (Hugging Face layout),
 * `controller.json` (all the controller needs), `manifest.json` last. A directory without a sound manifest is not a
 * checkpoint. Step 0 holds no weights: its state is the immutable base directory, named by hash (§8.4).
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { parseCheckpointManifest, type CheckpointManifest } from "@midtrain/protocol/run-schemas";
import { explainWriteError, syncDirectory, writeJsonAtomic } from "../platform/atomic-write";

export interface Checkpoint {
  /** Directory name below checkpoints/. */
  readonly name: string;
  readonly directory: string;
  readonly manifest: CheckpointManifest;
}

export interface CheckpointContent {
  /** From `nextCheckpointName`. */
  readonly name: string;
  readonly step: number;
  readonly branch: number;
  readonly ordinal: number;
  readonly controller: unknown;
  /** Writes the executor's state and model into directories that do not exist yet; undefined for the base itself. */
  readonly save?: (places: { readonly state: string; readonly model: string }) => Promise<void>;
}

/** Every directory that is a checkpoint, oldest first; others (unfinished, cut off) are named in `broken`. */
export function listCheckpoints(root: string): { readonly checkpoints: readonly Checkpoint[]; readonly broken: readonly string[] } {
  const checkpoints: Checkpoint[] = [];
  const broken: string[] = [];
  for (const name of directoriesIn(root)) {
    const directory = join(root, name);
    const manifest = readManifest(directory);
    if (manifest === undefined) broken.push(name);
    else checkpoints.push({ name, directory, manifest });
  }
  checkpoints.sort((a, b) => a.manifest.ordinal - b.manifest.ordinal);
  return { checkpoints, broken };
}

/** The first file that is missing, cut off or changed; undefined when the checkpoint is whole. */
export function firstDamage(checkpoint: Checkpoint): string | undefined {
  for (const [path, expected] of Object.entries(checkpoint.manifest.files)) {
    const file = join(checkpoint.directory, path);
    try {
      if (statSync(file).size !== expected.bytes || hashFile(file) !== expected.sha256) return path;
    } catch {
      return path;
    }
  }
  return undefined;
}

/**
 * Writes into a hidden directory and renames it: a reader sees the whole checkpoint or none.
 * @throws MidtrainError (environment) when the disk is full; what was written is removed.
 */
export async function writeCheckpoint(root: string, content: CheckpointContent): Promise<Checkpoint> {
  mkdirSync(root, { recursive: true });
  const hidden = join(root, `.${randomBytes(6).toString("hex")}.tmp`);
  try {
    mkdirSync(hidden);
    await content.save?.({ state: join(hidden, "state"), model: join(hidden, "model") });
    writeJsonAtomic(join(hidden, "controller.json"), content.controller);
    const manifest: CheckpointManifest = {
      format: 1,
      ordinal: content.ordinal,
      step: content.step,
      branch: content.branch,
      state: content.save === undefined ? "base" : "full",
      model: content.save === undefined ? "base" : "kept",
      files: describeFiles(hidden),
    };
    writeJsonAtomic(join(hidden, "manifest.json"), manifest);
    const directory = join(root, content.name);
    renameSync(hidden, directory);
    syncDirectory(root);
    return { name: content.name, directory, manifest };
  } catch (error) {
    rmSync(hidden, { recursive: true, force: true });
    throw explainWriteError(error, root);
  }
}

/** Removes what is not kept; the manifest says so before the files go, so that a crash in between leaves no lie. */
export function pruneCheckpoint(checkpoint: Checkpoint, keep: { readonly state: boolean; readonly model: boolean }): Checkpoint {
  const { manifest } = checkpoint;
  const dropState = manifest.state === "full" && !keep.state;
  const dropModel = manifest.model === "kept" && !keep.model;
  if (!dropState && !dropModel) return checkpoint;
  const state = dropState ? "pruned" : manifest.state;
  const model = dropModel ? "pruned" : manifest.model;
  // Of a checkpoint without any weights only the manifest stays: it reserves the name, which evaluations refer to.
  const useless = state === "pruned" && model === "pruned";
  const gone = [...(dropState ? ["state"] : []), ...(dropModel ? ["model"] : []), ...(useless ? ["controller.json"] : [])];
  const next: CheckpointManifest = {
    ...manifest,
    state,
    model,
    files: Object.fromEntries(
      Object.entries(manifest.files).filter(([path]) => !gone.some((part) => path === part || path.startsWith(`${part}/`))),
    ),
  };
  writeJsonAtomic(join(checkpoint.directory, "manifest.json"), next);
  for (const part of gone) rmSync(join(checkpoint.directory, part), { recursive: true, force: true });
  return { ...checkpoint, manifest: next };
}

/** Leftovers of writers that died: hidden directories and directories without a sound manifest. Returns their names. */
export function removeUnfinished(root: string): readonly string[] {
  const hidden = entriesOf(root).filter((name) => name.startsWith("."));
  const names = [...hidden, ...listCheckpoints(root).broken];
  for (const name of names) rmSync(join(root, name), { recursive: true, force: true });
  return names;
}

export function checkpointBytes(checkpoint: Checkpoint): number {
  return Object.values(checkpoint.manifest.files).reduce((sum, file) => sum + file.bytes, 0);
}

export function readControllerJson(checkpoint: Checkpoint): unknown {
  return JSON.parse(readFileSync(join(checkpoint.directory, "controller.json"), "utf8"));
}

/** `<step>`, or `<step>.<n>` where a branch opened by a rollback comes by the same step again. */
export function nextCheckpointName(root: string, step: number): string {
  const taken = new Set(entriesOf(root));
  for (let n = 1; ; n++) {
    const name = n === 1 ? String(step) : `${step}.${n}`;
    if (!taken.has(name)) return name;
  }
}

function readManifest(directory: string): CheckpointManifest | undefined {
  try {
    const parsed = parseCheckpointManifest(JSON.parse(readFileSync(join(directory, "manifest.json"), "utf8")));
    return parsed.ok ? parsed.value : undefined;
  } catch {
    return undefined;
  }
}

/** Sizes and hashes of all files below; each is flushed to the disk on the way, whoever wrote it. */
function describeFiles(root: string): CheckpointManifest["files"] {
  const files: Record<string, { readonly bytes: number; readonly sha256: string }> = {};
  const visit = (relative: string): void => {
    for (const entry of readdirSync(join(root, relative), { withFileTypes: true })) {
      const path = relative === "" ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory()) {
        visit(path);
        continue;
      }
      const file = join(root, path);
      const descriptor = openSync(file, "r+");
      try {
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      files[path] = { bytes: statSync(file).size, sha256: hashFile(file) };
    }
    syncDirectory(join(root, relative));
  };
  visit("");
  return files;
}

function hashFile(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

function directoriesIn(root: string): readonly string[] {
  return entriesOf(root).filter((name) => !name.startsWith(".") && statSync(join(root, name)).isDirectory());
}

function entriesOf(root: string): readonly string[] {
  try {
    return readdirSync(root).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
