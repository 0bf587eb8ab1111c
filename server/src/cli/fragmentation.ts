import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { MidtrainError } from "@midtrain/protocol/errors";
import { namesCsv } from "@midtrain/protocol/names-csv";
import type { ExpansionAssessment, FragmentationReport } from "@midtrain/protocol/tokens";
import { anchoredSpec } from "../config";
import { readDocuments } from "../corpus";
import { assessExpansion, compareReports, scanCorpus, type CorpusScan } from "../identifiers";
import { harvestRepository } from "../training";
import { writeFileAtomic, writeJsonAtomic } from "../platform/atomic-write";
import { action, withOptions, workplaceOf, type Invocation, type Workplace } from "./command";
import { comparisonText, expansionText, reportText } from "./fragmentation-text";

/** Without a model of one's own: figures of the demo's tokenizer would say nothing about a real one. The editor takes the same. */
const realTokenizer = "tiktoken:o200k_base";
/** The headline speaks of so many names, however few are listed. */
const headlineNames = 40;

interface FragmentationFlags {
  readonly top: string;
  readonly tokenizer?: readonly string[];
  readonly compare?: readonly string[];
  readonly export?: readonly string[];
  readonly expansion?: boolean;
}

interface Wanted {
  readonly top: number;
  readonly exports: readonly string[];
  readonly expansion: boolean;
}

export function fragmentationCommand(): Command {
  const command = new Command("fragmentation")
    .description("How a tokenizer breaks the names of a repository, and what that costs (§6.1).")
    .argument("[dir]", "directory of the repository", ".")
    .option("--tokenizer <spec>", "tokenizer.json, directory, Hugging Face cache name, or tiktoken:NAME; again to compare", collect)
    .option("--compare <spec>", "a further tokenizer, beside the configured one", collect)
    .option("--top <n>", "ranked names", "30")
    .option("--export <file>", "all names into a .csv or .json file; may be given twice", collect)
    .option("--expansion", "also whether new tokens would be worth their price (§6.1, §6.2)");
  return withOptions(command, "model", "config", "out", "seed").action(
    action<[string]>(async (invocation, directory) => {
      const flags = command.opts<FragmentationFlags>();
      const [first, ...others] = flags.tokenizer ?? [];
      const exports = flags.export ?? [];
      const { tokenizer: _list, ...options } = invocation.options;
      const place = workplaceOf(directory, first === undefined ? options : { ...options, tokenizer: first });
      const specs = [
        place.config.tokenizer ?? place.config.model ?? realTokenizer,
        ...[...others, ...(flags.compare ?? [])].map((spec) => anchoredSpec(spec, process.cwd())),
      ];
      for (const file of exports) checkExport(file);
      await report(invocation, place, [...new Set(specs)], { top: parseTop(flags.top), exports, expansion: flags.expansion === true });
    }),
  );
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function parseTop(text: string): number {
  if (/^\d+$/.test(text) && Number(text) >= 1) return Number(text);
  throw new MidtrainError({ reason: "usage", message: `--top ${text} is not a number of names.`, next: "Give a whole number from 1 on." });
}

function checkExport(file: string): void {
  if (/\.(?:csv|json)$/i.test(file)) return;
  throw new MidtrainError({
    reason: "usage",
    message: `--export ${file}: neither CSV nor JSON.`,
    where: file,
    next: "Name a file that ends in .csv or .json.",
  });
}

async function report(invocation: Invocation, place: Workplace, specs: readonly string[], wanted: Wanted): Promise<void> {
  const { signal, onProgress } = invocation;
  const { result } = await harvestRepository(place, { signal, onProgress });
  const all = specs.length > 1 || wanted.exports.length > 0;
  const scan = await scanCorpus(result.directory, {
    tokenizers: specs.map((spec) => ({ spec })),
    midtrain: place.midtrain,
    ignore: place.config.fragmentation?.ignore ?? [],
    top: all ? Infinity : Math.max(headlineNames, wanted.top),
    signal,
    onProgress,
  });
  for (const file of wanted.exports) exportTo(file, scan.reports);
  const expansion = wanted.expansion ? await assess(invocation, place, result.directory, scan) : undefined;
  print(invocation, scan.reports, expansion, wanted.top);
}

function print(
  invocation: Invocation,
  reports: readonly FragmentationReport[],
  expansion: ExpansionAssessment | undefined,
  top: number,
): void {
  const first = { ...reports[0]!, top: reports[0]!.top.slice(0, top) };
  const comparison = reports.length > 1 ? compareReports(reports, top) : undefined;
  invocation.document({ ...first, ...(comparison && { comparison }), ...(expansion && { expansion }) });
  invocation.print(comparison ? comparisonText(comparison, top) : reportText(reports[0]!, top));
  if (expansion) invocation.print(`\n${expansionText(expansion)}`);
}

function exportTo(file: string, reports: readonly FragmentationReport[]): void {
  const path = resolve(file);
  if (/\.csv$/i.test(file))
    writeFileAtomic(
      path,
      Array.from(namesCsv(reports), (line) => Buffer.from(line)),
    );
  else writeJsonAtomic(path, reports.length === 1 ? reports[0] : reports);
}

async function assess(invocation: Invocation, place: Workplace, corpus: string, scan: CorpusScan): Promise<ExpansionAssessment> {
  const rows = modelRows(place.config.model);
  return assessExpansion(scan.tokenizers[0]!, {
    train: () => readDocuments(corpus, { split: "train" }),
    heldOut: () => readDocuments(corpus, { split: "held-out" }),
    ...(rows === undefined ? {} : { modelRows: rows }),
    signal: invocation.signal,
    onProgress: invocation.onProgress,
  });
}

/** `vocab_size` of the model's config.json: the rows of its embedding matrix. */
function modelRows(model: string | undefined): number | undefined {
  if (model === undefined) return undefined;
  const file = join(model, "config.json");
  if (!existsSync(file)) return undefined;
  try {
    const rows = (JSON.parse(readFileSync(file, "utf8")) as { readonly vocab_size?: unknown }).vocab_size;
    return typeof rows === "number" && Number.isInteger(rows) && rows > 0 ? rows : undefined;
  } catch {
    // The model is only looked at for its spare rows: without them the verdict stands.
    return undefined;
  }
}
