import { mkdtempSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { countParameters, executorsFor } from "./model-size";

const llama = {
  architectures: ["LlamaForCausalLM"],
  model_type: "llama",
  vocab_size: 512,
  hidden_size: 32,
  intermediate_size: 64,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  max_position_embeddings: 256,
};

function modelDirectory(config: Readonly<Record<string, unknown>>): string {
  const directory = mkdtempSync(join(tmpdir(), "midtrain-size-"));
  writeFileSync(join(directory, "config.json"), JSON.stringify(config));
  return directory;
}

/** Weights of one tensor, zeros that take no disk. */
function writeWeights(directory: string, parameters: number): void {
  const header = Buffer.from(
    JSON.stringify({ "model.embed_tokens.weight": { dtype: "BF16", shape: [parameters], data_offsets: [0, 2 * parameters] } }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const file = join(directory, "model.safetensors");
  writeFileSync(file, Buffer.concat([length, header]));
  truncateSync(file, 8 + header.length + 2 * parameters);
}

describe("which executor a model gets", () => {
  it("is the embedded one for a small model that it can run, torch first for a large one", () => {
    const directory = modelDirectory(llama);
    writeWeights(directory, 50e3);
    expect(executorsFor(directory)).toEqual(["onnx", "torch"]);
    writeWeights(directory, 150e6);
    expect(countParameters(directory)).toEqual({ parameters: 150e6 });
    expect(executorsFor(directory)).toEqual(["torch", "onnx"]);
  });

  it("is torch for a shape that the embedded one cannot run", () => {
    expect(executorsFor(modelDirectory({ ...llama, architectures: ["GPTNeoXForCausalLM"], model_type: "gpt_neox" }))).toEqual(["torch"]);
  });

  it("says what is wrong with weights that cannot be read, and counts none where there are none", () => {
    const directory = modelDirectory(llama);
    expect(countParameters(directory)).toEqual({});
    writeFileSync(join(directory, "model.safetensors"), "no header");
    expect(countParameters(directory).problem).toMatch(/longer than the file/);
  });
});
