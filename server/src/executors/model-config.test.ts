import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { decoderConfig, readModelConfig } from "./model-config";
import { parameterLayout } from "./parameter-layout";
import { tinyConfigs } from "./test-models";

const llama = tinyConfigs["Llama, grouped queries, tied"];
const qwen = tinyConfigs["Qwen2, grouped queries, untied, wide heads"];
const directory = mkdtempSync(join(tmpdir(), "midtrain-config-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("config.json", () => {
  it("gives the shape of a Llama", () => {
    expect(decoderConfig({ ...llama, rope_theta: 500000 }, "config.json")).toMatchObject({
      heads: 4,
      keyValueHeads: 2,
      headSize: 4,
      context: 64,
      ropeTheta: 500000,
      tied: true,
      queryBias: false,
      outputBias: false,
    });
  });

  it("gives Qwen2 its query biases, and Llama both where attention_bias asks", () => {
    expect(decoderConfig(qwen, "x")).toMatchObject({ queryBias: true, outputBias: false, headSize: 6, ropeTheta: 1000000, tied: false });
    expect(decoderConfig({ ...llama, attention_bias: true }, "x")).toMatchObject({ queryBias: true, outputBias: true });
  });

  it("reads the newer spelling of rotary parameters, and the model type without architectures", () => {
    const config = { ...llama, architectures: undefined, rope_parameters: { rope_type: "default", rope_theta: 7000 } };
    expect(decoderConfig(config, "x")).toMatchObject({ architecture: "LlamaForCausalLM", ropeTheta: 7000 });
  });

  it("accepts what says nothing: null scaling, sliding windows that are off", () => {
    expect(() =>
      decoderConfig({ ...qwen, rope_scaling: null, use_sliding_window: false, sliding_window: 4096, num_experts: null }, "x"),
    ).not.toThrow();
  });

  it.each([
    ["MistralForCausalLM", { architectures: ["MistralForCausalLM"] }],
    ["linear", { rope_scaling: { type: "linear", factor: 2 } }],
    ["llama3", { rope_parameters: { rope_type: "llama3" } }],
    ["use_sliding_window", { use_sliding_window: true }],
    ["layer_types", { layer_types: ["sliding_attention"] }],
    ["num_local_experts", { num_local_experts: 8 }],
    ["mlp_bias", { mlp_bias: true }],
    ["quantization_config", { quantization_config: { bits: 4 } }],
    ["gelu", { hidden_act: "gelu" }],
    ["partial_rotary_factor", { partial_rotary_factor: 0.5 }],
  ])("refuses %s by name", (name, change) => {
    const expected = {
      reason: "unsupported",
      message: expect.stringContaining(name) as string,
      where: "config.json",
      next: expect.any(String) as string,
    };
    expect(() => decoderConfig({ ...llama, ...change }, "config.json")).toThrowError(expect.objectContaining(expected) as Error);
  });

  it.each([
    { vocab_size: 0 },
    { hidden_size: "16" },
    { num_hidden_layers: 1.5 },
    { num_key_value_heads: 3 },
    { head_dim: 5 },
    { rms_norm_eps: -1 },
  ])("calls %o corrupt", (change) => {
    expect(() => decoderConfig({ ...llama, ...change }, "c")).toThrowError(
      expect.objectContaining({ reason: "corrupt", where: "c" }) as Error,
    );
  });

  it("says whether the file is missing or malformed", () => {
    expect(() => readModelConfig(directory)).toThrowError(expect.objectContaining({ reason: "input" }) as Error);
    for (const text of ["{", "[]", "null"]) {
      writeFileSync(join(directory, "config.json"), text);
      expect(() => readModelConfig(directory)).toThrowError(expect.objectContaining({ reason: "corrupt" }) as Error);
    }
  });
});

describe("parameter layout", () => {
  it.each(Object.entries(tinyConfigs))("covers every parameter once, for files and for the graph: %s", (_name, raw) => {
    const layout = parameterLayout(decoderConfig(raw, "x"));
    for (const parts of [layout.segments, layout.graph]) {
      let end = 0;
      for (const { offset, length, shape } of parts) {
        expect(offset).toBe(end);
        expect(shape.reduce<number>((product, size) => product * size, 1)).toBe(length);
        end += length;
      }
      expect(end).toBe(layout.total);
    }
  });

  it("lets matrices decay, and neither gains nor biases", () => {
    const { segments } = parameterLayout(decoderConfig(qwen, "x"));
    const still = segments.filter(({ decays }) => !decays).map(({ name }) => name.replace(/\d+/, "N"));
    expect(new Set(still)).toEqual(
      new Set([
        "model.layers.N.input_layernorm.weight",
        "model.layers.N.post_attention_layernorm.weight",
        "model.layers.N.self_attn.q_proj.bias",
        "model.layers.N.self_attn.k_proj.bias",
        "model.layers.N.self_attn.v_proj.bias",
        "model.norm.weight",
      ]),
    );
  });
});
