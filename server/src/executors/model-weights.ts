import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { ParameterLayout } from "./parameter-layout";
import { corruptFile, type NamedTensor, SafetensorsFile } from "./safetensors";

const singleFile = "model.safetensors";
const indexFile = "model.safetensors.index.json";

/**
 * Reads all parameters of a model directory (one safetensors file, or shards with an index) into a flat float32 array.
 * @throws MidtrainError input (no weights), corrupt (naming the file), unsupported (element format)
 */
export function readWeights(model: string, layout: ParameterLayout): Float32Array {
  const opened = new Map<string, SafetensorsFile>();
  const open = (file: string): SafetensorsFile => {
    const known = opened.get(file);
    if (known !== undefined) return known;
    const shard = SafetensorsFile.open(join(model, file));
    opened.set(file, shard);
    return shard;
  };
  try {
    const fileOf = weightMap(model);
    const parameters = new Float32Array(layout.total);
    for (const segment of layout.segments) {
      const target = parameters.subarray(segment.offset, segment.offset + segment.length);
      open(fileOf(segment.name)).read(segment.name, segment.shape, target);
    }
    return parameters;
  } finally {
    for (const shard of opened.values()) shard.close();
  }
}

/** Which file of the directory holds a tensor. */
function weightMap(model: string): (name: string) => string {
  if (existsSync(join(model, singleFile))) return () => singleFile;
  const index = join(model, indexFile);
  if (!existsSync(index)) {
    throw new MidtrainError({
      reason: "input",
      message: `The model directory has neither ${singleFile} nor ${indexFile}.`,
      where: model,
      next: "Give a model with safetensors weights; pickled weights (*.bin, *.pt) are never read.",
    });
  }
  const files = parseIndex(index);
  return (name) => {
    const file = files.get(name);
    if (file === undefined) throw corruptFile(index, `The tensor ${name} is missing in the index`);
    // The index is data from elsewhere: a shard lies beside it and nowhere else.
    if (basename(file) !== file) throw corruptFile(index, `The shard name ${JSON.stringify(file)} leaves the model directory`);
    return file;
  };
}

function parseIndex(index: string): Map<string, string> {
  try {
    const value = JSON.parse(readFileSync(index, "utf8")) as { weight_map?: unknown } | null;
    const map = value?.weight_map;
    if (map !== null && typeof map === "object") {
      return new Map(Object.entries(map).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
    }
  } catch (cause) {
    throw corruptFile(index, "The index of the weights is not valid JSON", cause);
  }
  throw corruptFile(index, "The index of the weights has no weight_map");
}

/** The parameters as named tensors, views of the flat array, in the layout's order. */
export function namedTensors(layout: ParameterLayout, parameters: Float32Array): NamedTensor[] {
  return layout.segments.map(({ name, shape, offset, length }) => ({ name, shape, values: parameters.subarray(offset, offset + length) }));
}
