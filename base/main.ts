import { parseArgs } from "node:util";
import { describeError, exitCodeOf, MidtrainError } from "@midtrain/protocol/errors";
import { buildCorpus } from "./corpus";
import { printCurves } from "./curves";
import { fetchPackages } from "./fetch";
import { publishBase } from "./publish";
import { buildStreams } from "./rows";
import { sourcePackages } from "./sources";
import { buildTokenizer } from "./tokenizer";
import { tokensFor, trainBase } from "./train";

const defaultTokens = 25_200_000;
const curveTokens = 350_000;

const usage = "npm run base [-- --tokens N | --minutes M], or npm run base -- --curves DIR... [--tokens N]";

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text.replaceAll("_", ""));
  if (value > 0) return value;
  throw new MidtrainError({ reason: "usage", message: `--${name} needs a positive number, found ${JSON.stringify(text)}.`, next: usage });
}

interface Options {
  readonly tokens: number | undefined;
  readonly minutes: number | undefined;
  /** Repositories to draw the three curves on; empty: make the base. */
  readonly curves: readonly string[];
}

function readOptions(args: string[]): Options {
  const options = { tokens: { type: "string" }, minutes: { type: "string" }, curves: { type: "boolean" } } as const;
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    if ((values.curves === true) !== positionals.length > 0) throw new TypeError("directories belong to --curves");
    return { tokens: positive("tokens", values.tokens), minutes: positive("minutes", values.minutes), curves: positionals };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new MidtrainError({ reason: "usage", message: `${error.message}.`, next: usage });
  }
}

/** Every stage is kept under .cache/base/ by the hash of what went into it: an interrupted making goes on where it was. */
async function makeBase({ tokens, minutes }: Options): Promise<void> {
  fetchPackages(sourcePackages);
  const corpus = buildCorpus(sourcePackages);
  const base = await buildTokenizer(corpus);
  const streams = await buildStreams(corpus, base);
  const wanted = minutes === undefined ? (tokens ?? defaultTokens) : await tokensFor(minutes, base, streams);
  await publishBase(await trainBase(wanted, base, streams), corpus, base);
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.curves.length > 0) await printCurves(options.curves, options.tokens ?? curveTokens);
  else await makeBase(options);
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${describeError(error)}\n`);
  process.exitCode = exitCodeOf(error);
});
