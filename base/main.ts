import { parseArgs } from "node:util";
import { describeError, exitCodeOf, MidtrainError } from "@midtrain/protocol/errors";
import { buildCorpus } from "./corpus";
import { printCurves } from "./curves";
import { fetchPackages } from "./fetch";
import { publishBase } from "./publish";
import { buildStreams } from "./rows";
import { sourcePackages } from "./sources";
import { buildTokenizer } from "./tokenizer";
import { embedded, sizes, type BaseSize } from "./sizes";
import { stageDirectory } from "./places";
import { tokensFor, trainBase, trainingKey } from "./train";

const curveTokens = 350_000;

const usage =
  "npm run base [-- --size 2M|25M | --executor onnx|torch] [--tokens N | --minutes M], or npm run base -- --curves DIR... [--tokens N]";

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text.replaceAll("_", ""));
  if (value > 0) return value;
  throw new MidtrainError({ reason: "usage", message: `--${name} needs a positive number, found ${JSON.stringify(text)}.`, next: usage });
}

interface Options {
  readonly tokens: number | undefined;
  readonly minutes: number | undefined;
  readonly size: BaseSize;
  /** Repositories to draw the three curves on; empty: make the base. */
  readonly curves: readonly string[];
}

/** A size has its executor; naming one of them is enough, and naming both trains a size on the other executor. */
function sizeOf(name: string | undefined, executor: string | undefined): BaseSize {
  const wanted = sizes.find((size) => (name === undefined ? size.executor === (executor ?? embedded.executor) : size.name === name));
  if (wanted === undefined || (executor !== undefined && executor !== "onnx" && executor !== "torch"))
    throw new MidtrainError({ reason: "usage", message: "There is no such size or executor.", next: usage });
  return { ...wanted, executor: executor ?? wanted.executor };
}

function readOptions(args: string[]): Options {
  const text = { type: "string" } as const;
  const options = { tokens: text, minutes: text, size: text, executor: text, curves: { type: "boolean" } } as const;
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    if ((values.curves === true) !== positionals.length > 0) throw new TypeError("directories belong to --curves");
    const [tokens, minutes] = [positive("tokens", values.tokens), positive("minutes", values.minutes)];
    return { tokens, minutes, size: sizeOf(values.size, values.executor), curves: positionals };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new MidtrainError({ reason: "usage", message: `${error.message}.`, next: usage });
  }
}

/** Every stage is kept under .cache/base/ by the hash of what went into it: an interrupted making goes on where it was. */
async function makeBase({ tokens, minutes, size }: Options): Promise<void> {
  fetchPackages(sourcePackages);
  const corpus = buildCorpus(sourcePackages);
  const base = await buildTokenizer(corpus);
  const data = await buildStreams(corpus, base);
  const training = { size, base, data, directory: stageDirectory("training", trainingKey(size, data)) };
  const wanted = minutes === undefined ? (tokens ?? size.tokens) : await tokensFor(minutes, training);
  await publishBase(await trainBase({ ...training, tokens: wanted }), size, corpus, base);
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
