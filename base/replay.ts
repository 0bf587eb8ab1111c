import { gzipSync } from "node:zlib";
import type { Executor } from "@midtrain/protocol/executor";
import { seededRandom } from "../server/src/platform/random";
import type { Tokenizer } from "../server/src/tokenizer";
import type { BaseCorpus } from "./corpus";
import { say } from "./report";
import { rowLength } from "./rows";

const recipe = { bytes: 1_300_000, mostFormats: 0.33, batch: 64, maxTokens: 460, fewestBytes: 60, seed: "replay 1" };

export interface Replay {
  readonly file: Buffer;
  readonly documents: number;
  readonly bytes: number;
  readonly tokens: number;
  /** Share of the tokens in formats and refusals. */
  readonly formats: number;
}

interface Sample {
  readonly text: string;
  readonly tokens: number;
  readonly format: boolean;
}

/** Prompts of one batch: the path headers of files that the base knows, or the end-of-text token alone. */
function promptsFor(paths: readonly string[] | undefined, round: number, tokenizer: Tokenizer): { header: string; tokens: number[] }[] {
  const random = seededRandom(recipe.seed, round);
  return Array.from({ length: recipe.batch }, () => {
    if (paths === undefined) return { header: "", tokens: [tokenizer.endOfText!] };
    const header = `# ${random.pick(paths)}\n`;
    return { header, tokens: Array.from(tokenizer.encode(header, { special: "ordinary" })).slice(-rowLength / 4) };
  });
}

/**
 * Text that the base generates itself at temperature 1, from end-of-text alone and from path headers: what it knows, in the proportions in
 * which it knows it, but no more than a third formats, of which most short documents would be. A sample cut at the limit of the context
 * ends in the middle, as fragments of files do.
 */
export async function generateReplay(corpus: BaseCorpus, executor: Executor, tokenizer: Tokenizer): Promise<Replay> {
  const paths = corpus.train.map(({ path }) => path).filter((path) => path.length < 90);
  const kept: Sample[] = [];
  const tokensOf = (format: boolean): number => kept.reduce((sum, sample) => sum + (sample.format === format ? sample.tokens : 0), 0);
  let bytes = 0;
  for (let round = 0; bytes < recipe.bytes; round++) {
    const bare = round % 3 === 2;
    const prompts = promptsFor(bare ? undefined : paths, round, tokenizer);
    const options = { maxTokens: recipe.maxTokens, temperature: 1, stopTokens: [tokenizer.endOfText!], seed: round };
    const answers = await executor.generate(
      prompts.map(({ tokens }) => tokens),
      options,
    );
    for (const [index, answer] of answers.entries()) {
      const text = prompts[index]!.header + tokenizer.decode(answer);
      const sample = { text, tokens: answer.length, format: /^(User|Tools?|Assistant|System):/m.test(text) };
      if (Buffer.byteLength(text) < recipe.fewestBytes || text.includes("\uFFFD")) continue;
      if (sample.format && tokensOf(true) + sample.tokens > recipe.mostFormats * (tokensOf(true) + tokensOf(false))) continue;
      kept.push(sample);
      bytes += Buffer.byteLength(text);
    }
    if (round % 5 === 0) say("replay", `${kept.length} documents, ${Math.round(bytes / 1000)} of ${recipe.bytes / 1000} kB`);
  }
  const lines = kept.map(({ text }, index) => `${JSON.stringify({ id: `base-${String(index).padStart(5, "0")}`, text })}\n`);
  const tokens = tokensOf(true) + tokensOf(false);
  return { file: gzipSync(lines.join(""), { level: 9 }), documents: kept.length, bytes, tokens, formats: tokensOf(true) / tokens };
}
