import { cpSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Bench, failure } from "./bench";

export function loadTests(bench: Bench): void {
  it("says what it loaded", async () => {
    const { executor, facts } = await bench.loaded();
    expect(executor.capabilities.generate).toBe(true);
    expect(facts).toMatchObject({ vocabulary: bench.vocabulary, context: bench.context, architecture: bench.architecture });
    expect(facts.parameters).toBe(bench.parameters);
  });

  it("says that load comes first", async () => {
    const executor = bench.unloaded();
    expect((await failure(executor.snapshot())).reason).toBe("internal");
  });

  it("starts from the base again at a second load", async () => {
    const executor = await bench.executor();
    const base = await bench.weights(executor);
    await bench.train(executor, 1);
    await executor.load(bench.options({}));
    expect(await bench.weights(executor)).toBe(base);
  });

  const damages: [what: string, reason: string, damage: (model: string) => void][] = [
    ["a directory without config.json", "input", (model) => rmSync(join(model, "config.json"))],
    ["a config.json that is not JSON", "corrupt", (model) => writeFileSync(join(model, "config.json"), "{")],
    ["an architecture that nobody has", "unsupported", (model) => changeConfig(model, { architectures: ["NoSuch"], model_type: "nosuch" })],
    ["pickled weights", "input", (model) => renameSync(join(model, "model.safetensors"), join(model, "pytorch_model.bin"))],
    ["weights that are cut off", "corrupt", (model) => truncateSync(join(model, "model.safetensors"), 5000)],
    ["weights without a header", "corrupt", (model) => writeFileSync(join(model, "model.safetensors"), "not safetensors at all")],
    ["weights that lack a layer", "corrupt", (model) => changeConfig(model, { num_hidden_layers: 3 })],
  ];
  it.each(damages)("refuses %s, says what to do, and can load another model then", async (_what, reason, damage) => {
    const model = bench.path("damaged");
    cpSync(bench.model, model, { recursive: true });
    damage(model);
    const executor = bench.unloaded();
    const error = await failure(executor.load(bench.options({ model })));
    expect(error.reason).toBe(reason);
    expect(error.next).toBeTruthy();
    expect(error.where).toContain(model);
    expect((await executor.load(bench.options({}))).vocabulary).toBe(bench.vocabulary);
  });

  it("has LoRA, or refuses it with the remedy", async () => {
    const executor = bench.unloaded();
    const load = executor.load(bench.options({ method: "lora", lora: { rank: 2 } }));
    if (!executor.capabilities.lora) {
      expect(await failure(load)).toMatchObject({ reason: "unsupported", next: expect.stringContaining("torch") as string });
      return;
    }
    const facts = await load;
    expect(facts.trainable).toBeLessThan(facts.parameters);
    const before = readFileSync(join(bench.model, "model.safetensors"));
    await bench.train(executor, 2);
    expect(readFileSync(join(bench.model, "model.safetensors")).equals(before)).toBe(true);
  });
}

function changeConfig(model: string, changes: object): void {
  const file = join(model, "config.json");
  writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, "utf8")) as object), ...changes }));
}
