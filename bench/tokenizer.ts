import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import type { Tokenizer as NativeTokenizer } from "tokenizers";
import { extractTerms, fragmentationReport, type ReportDocument } from "../server/src/identifiers/index";
import { loadTokenizer, trainByteLevelBpe, type Tokenizer } from "../server/src/tokenizer/index";
import { languageOf } from "../server/src/corpus/index";
import { printFigures, type Figure } from "./figures";

/**
 * MB per CPU second of our engine beside the Rust reference (npm tokenizers) in one run, on source text of the installed
 * packages; and how many files differ, which must be none. Arguments: tokenizer.json files; without any, the embedded
 * base's and two tiktoken encodings.
 */
const megabytes = 8;
/** The reference is fifteen times slower: it gets every n-th file. */
const referenceStep = 12;

function* sourceFiles(directory: string, depth = 0): Generator<string> {
  for (const name of readdirSync(directory).sort()) {
    const path = join(directory, name);
    const entry = statSync(path, { throwIfNoEntry: false });
    if (entry?.isDirectory() && depth < 6 && name !== ".bin") yield* sourceFiles(path, depth + 1);
    else if (entry?.isFile() && entry.size > 0 && entry.size < 300_000 && /\.(?:[cm]?[jt]s|md|json|py|css|html)$/.test(name)) yield path;
  }
}

function documents(root: string): ReportDocument[] {
  const found: ReportDocument[] = [];
  let bytes = 0;
  for (const path of sourceFiles(join(root, "node_modules"))) {
    const content = readFileSync(path);
    found.push({ path, language: languageOf(path), text: content.toString("utf8") });
    bytes += content.length;
    if (bytes > megabytes * 1e6) break;
  }
  return found;
}

/** Bytes per microsecond of CPU time, which is MB per second. */
async function rate(bytes: number, work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const used = process.cpuUsage(before);
  return bytes / (used.user + used.system);
}

const sizeOf = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);

async function engineFigures(
  name: string,
  load: () => Promise<Tokenizer>,
  texts: readonly string[],
): Promise<{ own: Tokenizer; figures: Figure[] }> {
  const bytes = sizeOf(texts);
  const before = process.cpuUsage();
  const own = await load();
  const loading = process.cpuUsage(before);
  const encodeAll = (): void => texts.forEach((text) => void own.encode(text));
  const line = texts.join(" ").replace(/\s+/g, "").slice(0, 1_000_000);
  const figures = [
    { figure: `${name}: load`, value: (loading.user + loading.system) / 1000, unit: "ms of CPU" },
    { figure: `${name}: encode, cold`, value: await rate(bytes, encodeAll), unit: "MB/s" },
    { figure: `${name}: encode, warm`, value: await rate(bytes, encodeAll), unit: "MB/s" },
    {
      figure: `${name}: with offsets`,
      value: await rate(bytes, () => texts.forEach((text) => void own.encodeWithOffsets(text))),
      unit: "MB/s",
    },
    { figure: `${name}: one line, no spaces`, value: await rate(Buffer.byteLength(line), () => own.encode(line)), unit: "MB/s" },
  ];
  return { own, figures };
}

async function referenceFigures(name: string, file: string, own: Tokenizer, texts: readonly string[]): Promise<Figure[]> {
  const { Tokenizer: Native } = createRequire(__filename)("tokenizers") as { readonly Tokenizer: typeof NativeTokenizer };
  const reference = Native.fromFile(file);
  const sample = texts.filter((_text, index) => index % referenceStep === 0);
  let different = 0;
  const speed = await rate(sizeOf(sample), async () => {
    for (const text of sample) {
      const ids = (await reference.encode(text, null, { addSpecialTokens: false })).getIds();
      const ours = own.encode(text);
      if (ids.length !== ours.length || ids.some((id, index) => id !== ours[index])) different++;
    }
  });
  return [
    { figure: `${name}: npm tokenizers`, value: speed, unit: "MB/s" },
    { figure: `${name}: files that differ`, value: different, unit: `of ${sample.length}` },
  ];
}

async function main(): Promise<void> {
  const root = join(__dirname, "..", "..");
  const files = documents(root);
  const texts = files.map(({ text }) => text);
  const base = join(root, "media", "base", "tokenizer.json");
  const named = process.argv.slice(2);
  const specs = named.length > 0 ? named : [...(existsSync(base) ? [base] : []), "tiktoken:cl100k_base", "tiktoken:o200k_base"];
  const figures: Figure[] = [];
  let last!: Tokenizer;
  for (const spec of specs) {
    const name = spec === base ? "base" : basename(spec, ".json");
    const { own, figures: measured } = await engineFigures(name, () => loadTokenizer(spec), texts);
    figures.push(...measured);
    if (spec.endsWith(".json")) figures.push(...(await referenceFigures(name, spec, own, texts)));
    last = own;
  }
  const bytes = sizeOf(texts);
  figures.push(
    {
      figure: "train 4096 tokens",
      value: await rate(bytes, () => trainByteLevelBpe(texts, { vocabularySize: 4096, specialTokens: [] })),
      unit: "MB/s",
    },
    {
      figure: "extract terms",
      value: await rate(bytes, () => files.forEach(({ text, language }) => void extractTerms(text, language))),
      unit: "MB/s",
    },
    { figure: "fragmentation report", value: await rate(bytes, () => fragmentationReport(files, last)), unit: "MB/s" },
  );
  printFigures(figures);
}

void main();
