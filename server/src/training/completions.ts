/** Three before/after completions from the repository's held-out files: what a person reads beside the figures. */
import type { CorpusDocument } from "@midtrain/protocol/corpus";
import type { Executor } from "@midtrain/protocol/executor";
import { seededRandom } from "../platform/random";
import type { Tokenizer } from "../tokenizer";

export interface CompletionPrompt {
  readonly path: string;
  /** Line at which the completion begins, from 1. */
  readonly line: number;
  readonly prompt: string;
  readonly expected: string;
}

type HeldOut = Pick<CorpusDocument, "path" | "text" | "class">;

const promptLines = 12;
const expectedLines = 3;
const tokensToGenerate = 48;

/** Places in the middle of held-out files, source before other classes, at most one per file; the same for the same files and seed. */
export function completionPrompts(documents: readonly HeldOut[], seed: number, wanted = 3): readonly CompletionPrompt[] {
  const random = seededRandom("completions", seed);
  const sorted = [...documents].sort((a, b) => (a.path < b.path ? -1 : 1));
  const ranked = [...random.shuffle(sorted.filter(isSource)), ...random.shuffle(sorted.filter((document) => !isSource(document)))];
  const prompts: CompletionPrompt[] = [];
  for (const { path, text } of ranked) {
    const lines = text.split("\n");
    const starts = lines.map((_, i) => i).filter((i) => i >= promptLines && i + expectedLines <= lines.length && indented(lines[i]!));
    if (starts.length === 0 || prompts.length >= wanted) continue;
    const at = random.pick(starts);
    prompts.push({
      path,
      line: at + 1,
      prompt: `${lines.slice(at - promptLines, at).join("\n")}\n`,
      expected: lines.slice(at, at + expectedLines).join("\n"),
    });
  }
  return prompts;
}

const isSource = (document: HeldOut): boolean => document.class === "source" || document.class === "test";

/** A line of code inside of something, long enough to mean something. */
const indented = (line: string): boolean => /^\s+\S/.test(line) && line.trim().length >= 12;

/** Greedy continuations by the weights now in the executor, cut to as many lines as were expected. */
export async function completePrompts(
  prompts: readonly CompletionPrompt[],
  options: {
    readonly executor: Executor;
    readonly tokenizer: Tokenizer;
    readonly context: number;
    readonly headerOf: (path: string) => string;
  },
): Promise<readonly string[]> {
  const { executor, tokenizer, context, headerOf } = options;
  const encoded = prompts.map(({ path, prompt }) => {
    const ids = [...tokenizer.encode(headerOf(path) + prompt, { special: "ordinary" })];
    return ids.slice(Math.max(0, ids.length - (context - tokensToGenerate)));
  });
  const stopTokens = tokenizer.endOfText === undefined ? [] : [tokenizer.endOfText];
  const generated = await executor.generate(encoded, { maxTokens: tokensToGenerate, temperature: 0, stopTokens, seed: 0 });
  return generated.map((ids) => tokenizer.decode(ids).split("\n").slice(0, expectedLines).join("\n"));
}
