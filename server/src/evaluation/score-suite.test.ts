import { describe, expect, it } from "vitest";
import type { LoglikItem, LoglikResult } from "@midtrain/protocol/executor";
import { repositoryTexts } from "../platform/test-texts";
import { smallTokenizer } from "../tokenizer/small-tokenizer.test-support";
import { scoreSuite, scoreSuites, type SuiteItem } from "./index";

const tokenizer = smallTokenizer();

/** A language model that can be summed by hand: each token costs by its id and its left neighbour. It refuses what an executor may refuse. */
const cost = (previous: number, token: number): number => -(1 + ((previous * 31 + token * 7) % 13) / 10);
class BigramExecutor {
  readonly calls: number[] = [];
  private readonly context: number;
  constructor(context: number) {
    this.context = context;
  }
  loglik(items: readonly LoglikItem[]): Promise<readonly LoglikResult[]> {
    this.calls.push(items.length);
    return Promise.resolve(
      items.map(({ tokens, scoreFrom, bytes }) => {
        if (tokens.length > this.context || scoreFrom < 1 || scoreFrom >= tokens.length)
          throw new Error(`bad sequence: ${tokens.length} tokens, scored from ${scoreFrom}`);
        let nats = 0;
        for (let t = scoreFrom; t < tokens.length; t++) nats += cost(tokens[t - 1]!, tokens[t]!);
        return { nats, bytes };
      }),
    );
  }
}

function byHand(context: string, text: string): number {
  const before = context === "" ? [tokenizer.endOfText!] : [...tokenizer.encode(context, { special: "ordinary" })];
  const all = [...before, ...tokenizer.encode(text, { special: "ordinary" })];
  return all.reduce((sum, token, t) => (t < before.length ? sum : sum + cost(all[t - 1]!, token)), 0);
}

const long = repositoryTexts()
  .map(({ text }) => text)
  .join("");

describe("scoreSuite", () => {
  const textItem = (id: string, context: string, text: string): SuiteItem => ({ kind: "text", id, cluster: id, context, text });

  it("scores every token of a text once, however long text and context are", async () => {
    const cases = [
      textItem("short", "# a.ts\n", "const a = 1;\n"),
      textItem("cold", "", "const a = 1;\n"),
      textItem("long context", long.slice(0, 3000), "const a = 1;\n"),
      textItem("long text", "# a.ts\n", long.slice(0, 5000)),
      textItem("both", long.slice(0, 3000), long.slice(3000, 9000)),
      textItem("unicode", "# a.ts\n", "äöü 漢字 🙂 <|endoftext|>\n"),
      textItem("nothing", "# a.ts\n", ""),
    ];
    for (const context of [16, 33, 128, 4096]) {
      const scores = await scoreSuite(cases, new BigramExecutor(context), tokenizer, { context });
      for (const [i, item] of cases.entries()) {
        if (item.kind !== "text") throw new Error("only texts here");
        expect(scores[i]!.nats).toBeCloseTo(byHand(item.context, item.text), 6);
        expect(scores[i]).toMatchObject({ id: item.id, cluster: item.cluster, bytes: Buffer.byteLength(item.text) });
      }
    }
  });

  it("scores a text that just fills the context, one less and one more", async () => {
    const text = long.slice(0, 2000);
    const length = tokenizer.encode(text, { special: "ordinary" }).length;
    for (const context of [length - 1, length, length + 1, length + 2]) {
      const [score] = await scoreSuite([textItem("edge", "# a.ts\n", text)], new BigramExecutor(context), tokenizer, { context });
      expect(score!.nats).toBeCloseTo(byHand("# a.ts\n", text), 6);
    }
  });

  it("gives the right answer beside the best wrong one, and a refusal beside the helpful prefix", async () => {
    const items: SuiteItem[] = [
      { kind: "choice", id: "c", cluster: "f", context: "x = ", right: "alpha(", wrong: ["beta(", "gamma(", "delta("] },
      { kind: "refusal", id: "r", cluster: "g", harmful: true, context: "How?", refusal: "I cannot", helpful: "Sure" },
    ];
    const [choice, refusal] = await scoreSuite(items, new BigramExecutor(64), tokenizer, { context: 64 });
    expect(choice!.nats).toBeCloseTo(byHand("x = ", "alpha("), 9);
    expect(choice!.other).toBeCloseTo(Math.max(...["beta(", "gamma(", "delta("].map((wrong) => byHand("x = ", wrong))), 9);
    expect(choice!.bytes).toBe(6);
    expect(refusal).toMatchObject({ harmful: true, bytes: 8 });
    expect(refusal!.nats - refusal!.other!).toBeCloseTo(byHand("How?", "I cannot") - byHand("How?", "Sure"), 9);
  });

  it("scores an item of several suites once, and gives it to each of them", async () => {
    const items = Array.from({ length: 5 }, (_, i) => textItem(String(i), "# a.ts\n", `const a${i} = ${i};\n`));
    const executor = new BigramExecutor(128);
    const [all, some] = await scoreSuites([items, items.slice(2)], executor, tokenizer, { context: 128 });
    expect(executor.calls).toEqual([5]);
    expect(some).toEqual(all!.slice(2));
  });

  it("batches many suites into few calls, reports progress and can be cancelled between two", async () => {
    const many = Array.from({ length: 400 }, (_, i) => textItem(String(i), "# a.ts\n", `const a${i} = ${i};\n`));
    const executor = new BigramExecutor(128);
    const controller = new AbortController();
    const seen: number[] = [];
    const scores = await scoreSuites([many.slice(0, 150), many.slice(150)], executor, tokenizer, {
      context: 128,
      signal: controller.signal,
      onProgress: (done) => seen.push(done),
    });
    expect(executor.calls).toEqual([256, 144]);
    expect(seen).toEqual([256, 400]);
    expect(scores.map((suite) => suite.length)).toEqual([150, 250]);
    const cancelling = scoreSuites([many], executor, tokenizer, {
      context: 128,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(cancelling).rejects.toMatchObject({ reason: "cancelled" });
  });
});
