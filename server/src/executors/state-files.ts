import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { MidtrainError } from "@midtrain/protocol/errors";
import { writeFileAtomic, writeJsonAtomic } from "../platform/atomic-write";
import type { TrainingState } from "./adamw";
import { namedTensors } from "./model-weights";
import type { ParameterLayout } from "./parameter-layout";
import { SafetensorsFile, safetensorsParts } from "./safetensors";

const manifestFile = "state.json";
const format = "midtrain-onnx-state-1";
const kinds = ["parameters", "first", "second"] as const;
type Kind = (typeof kinds)[number];

interface StateFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

interface StateManifest {
  readonly format: typeof format;
  readonly steps: number;
  readonly files: Readonly<Record<Kind, StateFile>>;
}

/**
 * Writes weights, moments and step count. File names carry their content's hash, and the manifest comes last: a crash at any
 * point leaves the state that the directory held before.
 */
export function writeState(directory: string, layout: ParameterLayout, state: TrainingState): void {
  const files = Object.fromEntries(kinds.map((kind) => [kind, writeTensors(directory, kind, layout, state[kind])])) as Record<
    Kind,
    StateFile
  >;
  writeJsonAtomic(join(directory, manifestFile), { format, steps: state.steps, files } satisfies StateManifest);
  const named = new Set(kinds.map((kind) => files[kind].name));
  for (const name of readdirSync(directory)) {
    if (/^(parameters|first|second)-[0-9a-f]{16}\.safetensors$/.test(name) && !named.has(name))
      rmSync(join(directory, name), { force: true });
  }
}

function writeTensors(directory: string, kind: Kind, layout: ParameterLayout, values: Float32Array): StateFile {
  const parts = safetensorsParts(namedTensors(layout, values), "F32", {});
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  const digest = hash.digest("hex");
  const name = contentName(kind, digest);
  writeFileAtomic(join(directory, name), parts);
  return { name, bytes: parts.reduce((sum, part) => sum + part.length, 0), sha256: digest };
}

function contentName(kind: Kind, sha256: string): string {
  return `${kind}-${sha256.slice(0, 16)}.safetensors`;
}

/**
 * Reads what `writeState` wrote, bit for bit, after checking every hash.
 * @throws MidtrainError corrupt naming the file; the caller's state is not touched
 */
export function readState(directory: string, layout: ParameterLayout): TrainingState {
  const manifest = readManifest(join(directory, manifestFile));
  const read = (kind: Kind): Float32Array => readTensors(directory, manifest.files[kind], layout);
  return { parameters: read("parameters"), first: read("first"), second: read("second"), steps: manifest.steps };
}

function readTensors(directory: string, entry: StateFile, layout: ParameterLayout): Float32Array {
  const file = join(directory, entry.name);
  const content = readOrCorrupt(file);
  if (content.length !== entry.bytes) throw corruptState(file, `has ${content.length} bytes instead of ${entry.bytes}: it is truncated`);
  if (createHash("sha256").update(content).digest("hex") !== entry.sha256) throw corruptState(file, "does not match its recorded hash");
  const tensors = SafetensorsFile.open(file);
  try {
    const values = new Float32Array(layout.total);
    for (const { name, shape, values: target } of namedTensors(layout, values)) tensors.read(name, shape, target);
    return values;
  } finally {
    tensors.close();
  }
}

function readManifest(file: string): StateManifest {
  let value: unknown;
  try {
    value = JSON.parse(readOrCorrupt(file).toString("utf8"));
  } catch (error) {
    if (MidtrainError.is(error)) throw error;
    throw corruptState(file, "is not valid JSON", error);
  }
  if (!isManifest(value)) throw corruptState(file, `is not a state manifest of format ${format}`);
  return value;
}

function isManifest(value: unknown): value is StateManifest {
  const manifest = value as Partial<StateManifest> | null;
  if (manifest?.format !== format || !Number.isSafeInteger(manifest.steps)) return false;
  return kinds.every((kind) => {
    const entry = manifest.files?.[kind];
    if (typeof entry?.sha256 !== "string") return false;
    return entry.name === contentName(kind, entry.sha256) && Number.isSafeInteger(entry.bytes);
  });
}

function readOrCorrupt(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw corruptState(file, "is missing or unreadable", cause);
  }
}

function corruptState(file: string, what: string, cause?: unknown): MidtrainError {
  return new MidtrainError({
    reason: "corrupt",
    message: `The saved training state cannot be used: this file ${what}.`,
    where: file,
    next: "Resume from an earlier checkpoint of the run, or start a new run.",
    cause,
  });
}
