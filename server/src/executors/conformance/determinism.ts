import { expect, it } from "vitest";
import { initializeModel } from "../model-files";
import { randomRow } from "../test-models";
import { type Bench, stepOptions } from "./bench";

/** Wide enough, with thousands of tokens in one micro-batch, for a scatter of embedding gradients to be split between threads. */
const wideConfig = {
  architectures: ["LlamaForCausalLM"],
  model_type: "llama",
  vocab_size: 48,
  hidden_size: 128,
  intermediate_size: 64,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  max_position_embeddings: 64,
  tie_word_embeddings: true,
};

export function determinismTests(bench: Bench): void {
  it("gives the same bits on one and on two threads", async () => {
    const hashes = [];
    for (const threads of [1, 2, 2]) {
      const executor = await bench.executor({ threads });
      await bench.train(executor, 5);
      hashes.push(await bench.weights(executor));
    }
    expect(new Set(hashes).size).toBe(1);
  });

  it("gives the same bits 20 times over for thousands of repeated token ids", async () => {
    const model = bench.path("wide");
    initializeModel({ directory: model, config: wideConfig, seed: 1 });
    bench.prepare(model);
    const rows = Array.from({ length: 40 }, (_, seed) => {
      const row = randomRow(wideConfig.vocab_size, [64], seed);
      return { ...row, tokens: row.tokens.map((token) => token % 2) };
    });
    const seen = new Set<string>();
    for (const threads of [1, 2]) {
      const executor = await bench.executor({ model, threads }, { microBatchRows: rows.length });
      const start = await executor.snapshot();
      for (let repeat = 0; repeat < (threads === 1 ? 1 : 20); repeat++) {
        await executor.restore(start);
        const { gradNorm, bySource } = await executor.step(rows, stepOptions);
        seen.add(`${gradNorm} ${bySource[0]!.lossSum} ${await bench.weights(executor)}`);
      }
    }
    expect([...seen]).toHaveLength(1);
  });
}
