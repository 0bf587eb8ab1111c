import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openTokenRows, packDocuments, writeTokenRows } from "../server/src/mixture";
import { loadTokenizer, trainByteLevelBpe } from "../server/src/tokenizer";
import { writeJsonAtomic } from "../server/src/platform/atomic-write";
import { rowLength, streams, type Streams } from "./rows";
import { embedded, type BaseSize } from "./sizes";
import { endOfText, type BaseTokenizer } from "./tokenizer";
import { openExecutor, trainBase } from "./train";

const place = mkdtempSync(join(tmpdir(), "midtrain-base-torch-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));

const vocabularySize = 400;
const text = (seed: number): string =>
  Array.from({ length: 300 }, (_, i) => `export const value${(i * seed) % 97} = read("row ${i}", ${(i * i * seed) % 1013});`).join("\n");
const texts = Array.from({ length: 12 }, (_, seed) => text(seed + 1));

async function makeTokenizer(): Promise<BaseTokenizer> {
  const directory = join(place, "tokenizer");
  writeJsonAtomic(join(directory, "tokenizer.json"), trainByteLevelBpe(texts, { vocabularySize, specialTokens: [endOfText] }));
  writeJsonAtomic(join(directory, "tokenizer_config.json"), { eos_token: endOfText });
  return { key: "toy", directory, tokenizer: await loadTokenizer(directory) };
}

async function makeStreams({ tokenizer }: BaseTokenizer): Promise<Streams> {
  const documents = texts.map((body, index) => ({ id: `${index}`, path: `file${index}.ts`, language: "typescript", text: body }));
  const packed = await packDocuments({ documents, tokenizer, rowLength });
  const { directory } = writeTokenRows(join(place, "rows"), packed, { source: "general", corpus: "toy" });
  return Object.fromEntries(streams.map((stream) => [stream, openTokenRows(directory)])) as unknown as Streams;
}

const toy: BaseSize = {
  ...embedded,
  name: "toy",
  executor: "torch",
  model: {
    ...embedded.model,
    vocab_size: vocabularySize,
    hidden_size: 32,
    num_hidden_layers: 2,
    intermediate_size: 64,
    num_attention_heads: 4,
    head_dim: 8,
  },
  recipe: { ...embedded.recipe, warmupSteps: 2 },
};

describe("a base trained on the torch executor", () => {
  it("learns, and is a model that the embedded executor scores alike", async () => {
    const base = await makeTokenizer();
    const data = await makeStreams(base);
    const tokens = 16 * toy.recipe.rowsPerStep * rowLength;
    const trained = await trainBase({ size: toy, tokens, base, data, directory: join(place, "training") });
    expect(trained.steps).toBe(16);
    const items = [{ tokens: [0, ...base.tokenizer.encode(texts[0]!).subarray(0, 200)], scoreFrom: 1, bytes: 0 }];
    const scored = async (size: BaseSize, model: string): Promise<number> => {
      const { executor } = await openExecutor(model, size);
      const nats = (await executor.loglik(items))[0]!.nats;
      await executor.close();
      return nats;
    };
    const [start, torch, onnx] = [
      await scored(toy, join(place, "training", "initial")),
      await scored(toy, trained.directory),
      await scored({ ...toy, executor: "onnx" }, trained.directory),
    ];
    expect(torch).toBeGreaterThan(start + 100);
    expect(Math.abs(onnx / torch - 1)).toBeLessThan(1e-4);
  });
});
