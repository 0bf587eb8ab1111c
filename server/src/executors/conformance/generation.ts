import { expect, it } from "vitest";
import { randomRow } from "../test-models";
import { type Bench, failure, greedy, nextTokens, stepOptions } from "./bench";

export function generationTests(bench: Bench): void {
  const prompts = [[1, 2, 3], [4], [5, 6, 7, 8, 9, 10, 11], [12, 13]];

  it("writes with its cache what repeated full passes would write", async () => {
    const executor = await bench.executor();
    await bench.train(executor, 2);
    const written = await executor.generate(prompts, greedy);
    for (const [index, prompt] of prompts.entries()) {
      const sequence = [...prompt];
      for (let count = 0; count < greedy.maxTokens; count++) {
        const scores = (await executor.loglik(nextTokens(bench, sequence))).map(({ nats }) => nats);
        sequence.push(scores.indexOf(Math.max(...scores)));
      }
      expect(written[index]).toEqual(sequence.slice(prompt.length));
    }
  });

  it("follows training: a session from before a step is not used after it", async () => {
    const executor = await bench.executor();
    const row = { ...randomRow(bench.vocabulary, [8], 1), tokens: Int32Array.of(1, 2, 3, 20, 21, 22, 23, 24) };
    await executor.generate([[1, 2, 3]], greedy);
    for (let step = 0; step < 60; step++) await executor.step([row], { ...stepOptions, learningRate: 1e-2 });
    expect((await executor.generate([[1, 2, 3]], { ...greedy, maxTokens: 5 }))[0]).toEqual([20, 21, 22, 23, 24]);
  });

  it("samples the same for the same seed, whatever the company, and otherwise for another", async () => {
    const executor = await bench.executor();
    const warm = { ...greedy, temperature: 1.5, seed: 11 };
    const written = await executor.generate(prompts, warm);
    expect(await executor.generate(prompts, warm)).toEqual(written);
    expect(await executor.generate([prompts[0]!], warm)).toEqual([written[0]]);
    expect(await executor.generate(prompts, { ...warm, seed: 12 })).not.toEqual(written);
  });

  it("is greedy among the top 1", async () => {
    const executor = await bench.executor();
    expect(await executor.generate(prompts, { ...greedy, temperature: 2, topK: 1 })).toEqual(await executor.generate(prompts, greedy));
  });

  it("stops before a stop token, at the limit and at the end of the context", async () => {
    const executor = await bench.executor();
    const written = await executor.generate(prompts, greedy);
    const stop = written[0]![3]!;
    const stopped = await executor.generate(prompts, { ...greedy, stopTokens: [stop] });
    const cut = (tokens: readonly number[]): readonly number[] => (tokens.includes(stop) ? tokens.slice(0, tokens.indexOf(stop)) : tokens);
    expect(stopped).toEqual(written.map(cut));
    expect(await executor.generate(prompts, { ...greedy, maxTokens: 0 })).toEqual([[], [], [], []]);
    const long = Array.from({ length: bench.context - 2 }, () => 1);
    expect((await executor.generate([long], greedy))[0]).toHaveLength(2);
  });

  it("stops before a stop sequence", async () => {
    const executor = await bench.executor();
    const [written] = await executor.generate([prompts[0]!], { ...greedy, temperature: 1.5 });
    const stop = written!.slice(3, 5);
    const at = written!.findIndex((token, i) => token === stop[0] && written![i + 1] === stop[1]);
    const options = { ...greedy, temperature: 1.5, stopSequences: [[9999], stop] };
    expect(await executor.generate([prompts[0]!], options)).toEqual([written!.slice(0, at)]);
  });

  it("gives several samples of a prompt, of which the first is the only one of one", async () => {
    const executor = await bench.executor();
    const warm = { ...greedy, temperature: 1.5, seed: 11 };
    const many = await executor.generate(prompts.slice(0, 2), { ...warm, samples: 3 });
    expect(many).toHaveLength(6);
    expect([many[0], many[3]]).toEqual(await executor.generate(prompts.slice(0, 2), warm));
    expect(many[1]).not.toEqual(many[0]);
  });

  it("keeps more prompts than one batch apart", async () => {
    const executor = await bench.executor();
    const many = Array.from({ length: 35 }, (_, index) =>
      Array.from({ length: 1 + (index % 5) }, (__, t) => (index * 7 + t) % bench.vocabulary),
    );
    const together = await executor.generate(many, { ...greedy, maxTokens: 4 });
    for (const index of [0, 16, 34])
      expect(await executor.generate([many[index]!], { ...greedy, maxTokens: 4 })).toEqual([together[index]]);
  });

  it.each([
    ["an empty prompt", []],
    ["a token outside the vocabulary", [1, 999999]],
    ["a prompt as long as the context", Array.from({ length: 5000 }, () => 1)],
  ])("refuses %s", async (_what, prompt) => {
    expect((await failure((await bench.executor()).generate([prompt], greedy))).reason).toBe("input");
  });
}
