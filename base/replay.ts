import { gzipSync } from "node:zlib";
import type { Executor } from "@midtrain/protocol/executor";
import { seededRandom } from "../server/src/platform/random";
import type { Tokenizer } from "../server/src/tokenizer";
import type { BaseCorpus } from "./corpus";
import { say } from "./report";
import { rowLength } from "./rows";

const recipe = { bytes: 1_300_000, formats: 0.33, batch: 64, maxTokens: 460, fewestBytes: 60, seed: "replay 2" };

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

type Opening = "path" | "nothing" | "turn";

/** Prompts of one batch: the path headers of files that the base knows, the end-of-text token alone, or a turn's first word after it. */
function promptsFor(opening: Opening, paths: readonly string[], round: number, tokenizer: Tokenizer): { head: string; tokens: number[] }[] {
  const random = seededRandom(recipe.seed, round);
  const encode = (text: string): number[] => Array.from(tokenizer.encode(text, { special: "ordinary" }));
  return Array.from({ length: recipe.batch }, () => {
    if (opening === "nothing") return { head: "", tokens: [tokenizer.endOfText!] };
    if (opening === "turn") return { head: "User:", tokens: [tokenizer.endOfText!, ...encode("User:")] };
    const head = `# ${random.pick(paths)}\n`;
    return { head, tokens: encode(head).slice(-rowLength / 4) };
  });
}

/**
 * Text that the base generates itself at temperature 1, from end-of-text alone, from path headers and from the beginning of a turn: what it
 * knows, with about a third of the tokens in formats and refusals. A sample cut at the limit of the context
 * ends in the middle, as fragments of files do.
 */
export async function generateReplay(corpus: BaseCorpus, executor: Executor, tokenizer: Tokenizer): Promise<Replay> {
  const paths = corpus.train.map(({ path }) => path).filter((path) => path.length < 90);
  const kept: Sample[] = [];
  const tokensOf = (format: boolean): number => kept.reduce((sum, sample) => sum + (sample.format === format ? sample.tokens : 0), 0);
  let bytes = 0;
  for (let round = 0; bytes < recipe.bytes; round++) {
    const short = tokensOf(true) < recipe.formats * (tokensOf(true) + tokensOf(false));
    const prompts = promptsFor(short ? "turn" : round % 4 === 0 ? "nothing" : "path", paths, round, tokenizer);
    const options = { maxTokens: recipe.maxTokens, temperature: 1, stopTokens: [tokenizer.endOfText!], seed: round };
    const answers = await executor.generate(
      prompts.map(({ tokens }) => tokens),
      options,
    );
    for (const [index, answer] of answers.entries()) {
      const text = prompts[index]!.head + tokenizer.decode(answer);
      const sample = { text, tokens: answer.length, format: /^(User|Tools?|Assistant|System):/m.test(text) };
      if (Buffer.byteLength(text) < recipe.fewestBytes || text.includes("\uFFFD")) continue;
      kept.push(sample);
      bytes += Buffer.byteLength(text);
    }
    if (round % 5 === 0) say("replay", `${kept.length} documents, ${Math.round(bytes / 1000)} of ${recipe.bytes / 1000} kB`);
  }
  const lines = kept.map(({ text }, index) => `${JSON.stringify({ id: `base-${String(index).padStart(5, "0")}`, text })}\n`);
  const tokens = tokensOf(true) + tokensOf(false);
  return { file: gzipSync(lines.join(""), { level: 9 }), documents: kept.length, bytes, tokens, formats: tokensOf(true) / tokens };
}
