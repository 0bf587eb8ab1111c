import { parseArgs } from "node:util";
import { describeError, exitCodeOf, MidtrainError } from "@midtrain/protocol/errors";
import { buildCorpus } from "./corpus";
import { fetchPackages } from "./fetch";
import { publishBase } from "./publish";
import { buildStreams } from "./rows";
import { sourcePackages } from "./sources";
import { buildTokenizer } from "./tokenizer";
import { tokensFor, trainBase } from "./train";

const defaultTokens = 16_000_000;

interface Options {
  readonly tokens: number | undefined;
  readonly minutes: number | undefined;
}

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text.replaceAll("_", ""));
  if (value > 0) return value;
  throw new MidtrainError({ reason: "usage", message: `--${name} needs a positive number, found ${JSON.stringify(text)}.` });
}

function readOptions(args: string[]): Options {
  const { values } = parseArgs({ args, options: { tokens: { type: "string" }, minutes: { type: "string" } } });
  return { tokens: positive("tokens", values.tokens), minutes: positive("minutes", values.minutes) };
}

async function makeBase(options: Options): Promise<void> {
  fetchPackages(sourcePackages);
  const corpus = buildCorpus(sourcePackages);
  const base = await buildTokenizer(corpus);
  const streams = await buildStreams(corpus, base);
  const tokens = options.minutes === undefined ? (options.tokens ?? defaultTokens) : await tokensFor(options.minutes, base, streams);
  await publishBase(await trainBase(tokens, base, streams), corpus, base);
}

makeBase(readOptions(process.argv.slice(2))).catch((error: unknown) => {
  process.stderr.write(`\n${describeError(error)}\n`);
  process.exitCode = exitCodeOf(error);
});
