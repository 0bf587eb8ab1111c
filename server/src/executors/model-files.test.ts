import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fromFloat16, toFloat16 } from "./half-floats";
import { readModelConfig } from "./model-config";
import { convertModel, initializeModel } from "./model-files";
import { namedTensors, readWeights } from "./model-weights";
import { type ParameterLayout, parameterLayout } from "./parameter-layout";
import { SafetensorsFile, safetensorsParts } from "./safetensors";
import { tinyConfigs } from "./test-models";

const directory = mkdtempSync(join(tmpdir(), "midtrain-models-"));
const model = join(directory, "model");
const raw = tinyConfigs["Qwen2, grouped queries, untied, wide heads"];
const weightsFile = join(model, "model.safetensors");
let layout: ParameterLayout;
let parameters: Float32Array;
let copies = 0;

beforeAll(() => {
  initializeModel({ directory: model, config: raw, seed: 5 });
  layout = parameterLayout(readModelConfig(model).config);
  parameters = readWeights(model, layout);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A copy of the model whose weights file has this content. */
function withWeights(content: Uint8Array): string {
  const copy = join(directory, `copy-${copies++}`);
  cpSync(model, copy, { recursive: true });
  writeFileSync(join(copy, "model.safetensors"), content);
  return copy;
}

/** A weights file with a changed header over the same data. */
function withHeader(
  change: (header: Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }>) => unknown,
): string {
  const file = readFileSync(weightsFile);
  const size = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, 8 + size).toString("utf8")) as Parameters<typeof change>[0];
  const json = Buffer.from(JSON.stringify(change(header) ?? header));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(json.length));
  return withWeights(Buffer.concat([prefix, json, file.subarray(8 + size)]));
}

describe("initialised models", () => {
  it("are the same for the same seed, and others for another", () => {
    initializeModel({ directory: join(directory, "again"), config: raw, seed: 5 });
    initializeModel({ directory: join(directory, "other"), config: raw, seed: 6 });
    expect(readWeights(join(directory, "again"), layout)).toEqual(parameters);
    expect(readWeights(join(directory, "other"), layout)).not.toEqual(parameters);
  });

  it("have the deviation that the configuration asks for, residual outputs less", () => {
    const deviation = (name: string): number => {
      const { values } = namedTensors(layout, parameters).find((tensor) => tensor.name === name)!;
      return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    };
    expect(deviation("model.embed_tokens.weight")).toBeCloseTo(0.3, 1);
    expect(deviation("model.layers.0.mlp.gate_proj.weight")).toBeCloseTo(0.3, 1);
    expect(deviation("model.layers.1.mlp.down_proj.weight")).toBeCloseTo(0.15, 1);
    expect(deviation("model.norm.weight")).toBe(1);
    expect(deviation("model.layers.0.self_attn.q_proj.bias")).toBe(0);
  });

  it("carry the tokenizer's files along", () => {
    const source = join(directory, "tokenizer");
    cpSync(model, source, { recursive: true });
    writeFileSync(join(source, "tokenizer.json"), "{}");
    writeFileSync(join(source, "special_tokens_map.json"), "[]");
    const target = join(directory, "with-tokenizer");
    initializeModel({ directory: target, config: raw, seed: 5, tokenizerFrom: source });
    expect(readFileSync(join(target, "tokenizer.json"), "utf8")).toBe("{}");
    expect(readFileSync(join(target, "special_tokens_map.json"), "utf8")).toBe("[]");
    expect(existsSync(join(target, "generation_config.json"))).toBe(false);
  });
});

describe("weights files", () => {
  it("come back bit for bit", () => {
    const copy = withWeights(Buffer.concat(safetensorsParts(namedTensors(layout, parameters), "F32", {})));
    expect(readWeights(copy, layout)).toEqual(parameters);
  });

  it("are read from F16", () => {
    convertModel(model, join(directory, "half"), "F16");
    expect(statSync(join(directory, "half", "model.safetensors")).size).toBeLessThan(statSync(weightsFile).size * 0.7);
    expect(readModelConfig(join(directory, "half")).raw["torch_dtype"]).toBe("float16");
    expect(readWeights(join(directory, "half"), layout)).toEqual(parameters.map((value) => fromFloat16(toFloat16(value))));
  });

  it("name their precision once, in the spelling that the configuration has", () => {
    const source = join(directory, "newer");
    initializeModel({ directory: source, config: { ...raw, dtype: "bfloat16" }, seed: 5 });
    const { raw: written } = readModelConfig(source);
    expect([written["dtype"], written["torch_dtype"]]).toEqual(["float32", undefined]);
  });

  it("are read from BF16", () => {
    const bits = new Uint32Array(parameters.buffer);
    const halves = Uint16Array.from(bits, (value) => value >>> 16);
    let at = 0;
    const header: Record<string, unknown> = {};
    for (const { name, shape, length } of layout.segments) header[name] = { dtype: "BF16", shape, data_offsets: [at, (at += length * 2)] };
    const json = Buffer.from(JSON.stringify(header));
    const prefix = Buffer.alloc(8);
    prefix.writeBigUInt64LE(BigInt(json.length));
    const read = readWeights(withWeights(Buffer.concat([prefix, json, Buffer.from(halves.buffer)])), layout);
    expect(new Uint32Array(read.buffer)).toEqual(bits.map((value) => value & 0xffff0000));
  });

  it("are read from shards by their index, whatever else lies in them", () => {
    const sharded = withWeights(Buffer.alloc(0));
    rmSync(join(sharded, "model.safetensors"));
    const tensors = namedTensors(layout, parameters);
    const extra = { name: "model.layers.0.self_attn.rotary_emb.inv_freq", shape: [2], values: new Float32Array(2) };
    const shards = { "model-1-of-2.safetensors": [extra, ...tensors.slice(0, 9)], "model-2-of-2.safetensors": tensors.slice(9) };
    const map: Record<string, string> = {};
    for (const [file, content] of Object.entries(shards)) {
      writeFileSync(join(sharded, file), Buffer.concat(safetensorsParts(content, "F32", {})));
      for (const { name } of content) map[name] = file;
    }
    const index = join(sharded, "model.safetensors.index.json");
    writeFileSync(index, JSON.stringify({ weight_map: map }));
    expect(readWeights(sharded, layout)).toEqual(parameters);

    writeFileSync(index, JSON.stringify({ weight_map: { ...map, "model.norm.weight": "../model/model.safetensors" } }));
    expect(() => readWeights(sharded, layout)).toThrowError(expect.objectContaining({ reason: "corrupt", where: index }) as Error);
    writeFileSync(index, JSON.stringify({ weight_map: { ...map, "model.norm.weight": undefined } }));
    expect(() => readWeights(sharded, layout)).toThrowError(/model\.norm\.weight is missing/);
    writeFileSync(index, "{");
    expect(() => readWeights(sharded, layout)).toThrowError(/not valid JSON/);
    writeFileSync(index, JSON.stringify({ weight_map: map }));
    rmSync(join(sharded, "model-2-of-2.safetensors"));
    const missing = join(sharded, "model-2-of-2.safetensors");
    expect(() => readWeights(sharded, layout)).toThrowError(expect.objectContaining({ reason: "corrupt", where: missing }) as Error);
  });

  it("are corrupt wherever they are cut, by the name of the file", () => {
    const whole = readFileSync(weightsFile);
    for (const size of [0, 4, 8, 100, Math.floor(whole.length / 2), whole.length - 1]) {
      const copy = withWeights(whole);
      truncateSync(join(copy, "model.safetensors"), size);
      const expected = { reason: "corrupt", where: join(copy, "model.safetensors"), next: expect.any(String) as string };
      expect(() => readWeights(copy, layout), `${size} bytes`).toThrowError(expect.objectContaining(expected) as Error);
    }
  });

  it("are corrupt where the header lies", () => {
    const name = "model.norm.weight";
    const lies: [string, string][] = [
      ["offsets beyond the file", withHeader((header) => void (header[name]!.data_offsets[1] += 1e9))],
      ["negative offsets", withHeader((header) => void (header[name]!.data_offsets = [-4, 60]))],
      ["offsets in the wrong order", withHeader((header) => void header[name]!.data_offsets.reverse())],
      ["a size that does not fit the shape", withHeader((header) => void (header[name]!.shape = [15]))],
      ["another shape", withHeader((header) => void (header[name]!.shape = [4, 4]))],
      ["a missing tensor", withHeader((header) => void delete header[name])],
      ["a malformed entry", withHeader((header) => ({ ...header, [name]: 3 }))],
      ["a header that is a list", withHeader(() => [])],
      ["a header longer than the file", withWeights(Buffer.from("ffffffffffffff0041414141", "hex"))],
      ["a header that is no JSON", withWeights(Buffer.from("040000000000000041414141", "hex"))],
    ];
    for (const [what, copy] of lies) {
      const where = join(copy, "model.safetensors");
      expect(() => readWeights(copy, layout), what).toThrowError(expect.objectContaining({ reason: "corrupt", where }) as Error);
    }
  });

  it("name an element format that cannot be read", () => {
    const copy = withHeader((header) => void (header["model.norm.weight"]!.dtype = "F8_E4M3"));
    expect(() => readWeights(copy, layout)).toThrowError(/model\.norm\.weight is stored as F8_E4M3/);
  });

  it("keep a tensor named like a property of objects apart", () => {
    const file = join(directory, "hostile.safetensors");
    const tensor = { shape: [1], values: Float32Array.of(3) };
    writeFileSync(file, Buffer.concat(safetensorsParts([{ name: "constructor", ...tensor }], "F32", {})));
    const opened = SafetensorsFile.open(file);
    expect(opened.has("toString")).toBe(false);
    expect(opened.names).toEqual(["constructor"]);
    opened.close();
  });

  it("are asked for where there are none", () => {
    const empty = join(directory, "empty");
    cpSync(model, empty, { recursive: true });
    rmSync(join(empty, "model.safetensors"));
    expect(() => readWeights(empty, layout)).toThrowError(expect.objectContaining({ reason: "input", where: empty }) as Error);
  });
});
