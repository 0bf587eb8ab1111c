import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { spawnSync } from "node:child_process";
import type { Tokenizer as NativeTokenizer } from "tokenizers";
import { extractTerms, fragmentationReport, type ReportDocument } from "../server/src/identifiers/index";
import { EditedText, loadTokenizer, trainByteLevelBpe, type Tokenizer } from "../server/src/tokenizer/index";
import { languageOf } from "../server/src/corpus/index";
import { printFigures, type Figure } from "./figures";

/**
 * MB per CPU second of our engine beside its peers in one run, on source text of several languages, one minified file
 * and one file of one line; loading, memory and editing; and how many files differ from the peers, which must be none.
 *
 * Arguments: tokenizers (files or tiktoken:NAME; without any, the embedded base's and two tiktoken encodings), and
 * --texts DIRECTORY for other text than that of the installed packages. Peers: npm tokenizers, npm tiktoken for its own
 * encodings, and npm kitoken where KITOKEN names a directory that has it in its node_modules.
 */
const megabytes = 8;
/** The peers are five to thirty times slower: they get every n-th file. */
const peerStep = 12;

const sourceName = /\.(?:[cm]?[jt]sx?|md|json|py|css|html|go|rs|java|cs|cc?|cpp|hpp?|rb|php|swift|kt|sh|sql|ya?ml|toml)$/;

function* sourceFiles(directory: string, depth = 0): Generator<string> {
  for (const name of readdirSync(directory).sort()) {
    const path = join(directory, name);
    const entry = statSync(path, { throwIfNoEntry: false });
    if (entry?.isDirectory() && depth < 8 && name !== ".bin" && name !== ".git") yield* sourceFiles(path, depth + 1);
    else if (entry?.isFile() && entry.size > 0 && entry.size < 300_000 && sourceName.test(name)) yield path;
  }
}

function documents(directory: string): ReportDocument[] {
  const found: ReportDocument[] = [];
  let bytes = 0;
  for (const path of sourceFiles(directory)) {
    const content = readFileSync(path);
    found.push({ path, language: languageOf(path), text: content.toString("utf8") });
    bytes += content.length;
    if (bytes > megabytes * 1e6) break;
  }
  return found;
}

interface Samples {
  readonly texts: readonly string[];
  /** A library as its minifier left it. */
  readonly minified: string;
  /** The texts as one JSON document on one line. */
  readonly oneLine: string;
}

function samplesOf(texts: readonly string[]): Samples {
  const minified = readFileSync(createRequire(__filename).resolve("axe-core/axe.min.js"), "utf8");
  return { texts, minified, oneLine: JSON.stringify(texts).slice(0, 1_500_000) };
}

/** Milliseconds of CPU. */
async function cpuOf<T>(work: () => T | Promise<T>): Promise<readonly [milliseconds: number, result: T]> {
  const before = process.cpuUsage();
  const result = await work();
  const used = process.cpuUsage(before);
  return [(used.user + used.system) / 1000, result];
}

/** Bytes per microsecond of CPU time, which is MB per second. */
async function rate(bytes: number, work: () => unknown): Promise<number> {
  const [milliseconds] = await cpuOf(work);
  return bytes / milliseconds / 1000;
}

const sizeOf = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);

const loads = 7;

/** Loads in processes of their own, so that nothing is warm: from the files, and from the cache that the first one made. */
function loadFigures(name: string, spec: string): Figure[] {
  const run = (cache: string): LoadFigures => {
    const child = spawnSync(process.execPath, ["--expose-gc", __filename, "--load-only", spec], {
      encoding: "utf8",
      env: { ...process.env, MIDTRAIN_CACHE: cache },
    });
    return JSON.parse(child.stdout) as LoadFigures;
  };
  const directory = mkdtempSync(join(tmpdir(), "midtrain-bench-"));
  try {
    const fresh = Array.from({ length: loads }, (_, index) => run(join(directory, `${index}`)));
    const cached = Array.from({ length: loads }, () => run(join(directory, "0")));
    const sorted = (figures: readonly LoadFigures[]): number[] => figures.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
    return [["load from its files", sorted(fresh)] as const, ["load from the cache", sorted(cached)] as const]
      .flatMap(([figure, times]) => [
        { figure: `${name}: ${figure}, best`, value: times[0]!, unit: "ms of CPU" },
        { figure: `${name}: ${figure}, median`, value: times[loads >> 1]!, unit: "ms of CPU" },
      ])
      .concat([{ figure: `${name}: heap and buffers`, value: Math.max(...fresh.map(({ megabytes: used }) => used)), unit: "MB" }]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

interface LoadFigures {
  readonly milliseconds: number;
  readonly megabytes: number;
}

async function loadOnly(spec: string): Promise<void> {
  const memory = (): number => {
    (globalThis as { readonly gc?: () => void }).gc?.();
    const { heapUsed, external } = process.memoryUsage();
    return (heapUsed + external) / 1e6;
  };
  const before = memory();
  const [milliseconds, tokenizer] = await cpuOf(() => loadTokenizer(spec));
  const megabytesUsed = memory() - before;
  process.stdout.write(JSON.stringify({ milliseconds, megabytes: megabytesUsed, size: tokenizer.vocabularySize }));
}

async function engineFigures(name: string, own: Tokenizer, { texts, minified, oneLine }: Samples): Promise<Figure[]> {
  const bytes = sizeOf(texts);
  const encodeAll = (): void => texts.forEach((text) => void own.encode(text));
  return [
    { figure: `${name}: encode, cold`, value: await rate(bytes, encodeAll), unit: "MB/s" },
    { figure: `${name}: encode, warm`, value: await rate(bytes, encodeAll), unit: "MB/s" },
    {
      figure: `${name}: with offsets`,
      value: await rate(bytes, () => texts.forEach((text) => void own.encodeWithOffsets(text))),
      unit: "MB/s",
    },
    { figure: `${name}: minified`, value: await rate(Buffer.byteLength(minified), () => own.encode(minified)), unit: "MB/s" },
    { figure: `${name}: one line`, value: await rate(Buffer.byteLength(oneLine), () => own.encode(oneLine)), unit: "MB/s" },
    { figure: `${name}: 1 MB of random letters`, value: await rate(1e6, () => own.encode(randomLetters(1e6))), unit: "MB/s" },
    { figure: `${name}: 10 MB of one letter`, value: await rate(1e7, () => own.encode("a".repeat(1e7))), unit: "MB/s" },
    ...(await editFigures(name, own, texts)),
  ];
}

function randomLetters(length: number): string {
  let state = 1;
  const units = Buffer.alloc(length);
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    units[i] = 97 + ((state >>> 16) % 26);
  }
  return units.toString("latin1");
}

/** Typing a line in the middle of 5,000 and of 20,000 lines, character by character. */
async function editFigures(name: string, own: Tokenizer, texts: readonly string[]): Promise<Figure[]> {
  const lines = texts.join("\n").split("\n");
  const typed = "  const retryQueueDepth = await queue.depth(1024); // no more than that";
  const figures: Figure[] = [];
  for (const count of [5000, 20_000]) {
    const text = lines.slice(0, count).join("\n");
    const [whole, edited] = await cpuOf(() => new EditedText(own, text));
    const place = text.indexOf("\n", text.length >> 1) + 1;
    const [typing] = await cpuOf(() => Array.from(typed).forEach((char, index) => void edited.edit(place + index, place + index, char)));
    figures.push({ figure: `${name}: ${count} lines, all`, value: whole, unit: "ms of CPU" });
    figures.push({ figure: `${name}: ${count} lines, a keystroke`, value: typing / typed.length, unit: "ms of CPU" });
  }
  return figures;
}

interface Peer {
  readonly name: string;
  encode(text: string): ArrayLike<number> | Promise<ArrayLike<number>>;
}

function peersOf(spec: string): Peer[] {
  const require = createRequire(__filename);
  if (spec.startsWith("tiktoken:")) {
    const { get_encoding: get } = require("tiktoken") as { readonly get_encoding: (name: string) => Tiktoken };
    const encoding = get(spec.slice("tiktoken:".length));
    return [{ name: "npm tiktoken", encode: (text) => encoding.encode(text, "all") }];
  }
  const { Tokenizer: Native } = require("tokenizers") as { readonly Tokenizer: typeof NativeTokenizer };
  const native = Native.fromFile(spec);
  const peer: Peer = {
    name: "npm tokenizers",
    encode: async (text) => (await native.encode(text, null, { addSpecialTokens: false })).getIds(),
  };
  return [peer, ...kitokenOf(spec)];
}

interface Tiktoken {
  encode(text: string, specials: "all"): Uint32Array;
}

interface Kitoken {
  encode(text: string, specials: boolean): Uint32Array;
}

function kitokenOf(spec: string): Peer[] {
  const { KITOKEN } = process.env;
  if (!KITOKEN) return [];
  const { Kitoken: Class } = createRequire(join(KITOKEN, "package.json"))("kitoken/node") as {
    readonly Kitoken: { from_tokenizers(data: Uint8Array): Kitoken };
  };
  const kitoken = Class.from_tokenizers(readFileSync(spec));
  return [{ name: "npm kitoken", encode: (text) => kitoken.encode(text, true) }];
}

async function peerFigures(name: string, spec: string, own: Tokenizer, texts: readonly string[]): Promise<Figure[]> {
  const sample = texts.filter((_text, index) => index % peerStep === 0);
  const figures: Figure[] = [];
  for (const peer of peersOf(spec)) {
    const encoded: ArrayLike<number>[] = [];
    const speed = await rate(sizeOf(sample), async () => {
      for (const text of sample) encoded.push(await peer.encode(text));
    });
    const different = sample.filter((text, index) => own.encode(text).join() !== Array.from(encoded[index]!).join()).length;
    figures.push({ figure: `${name}: ${peer.name}`, value: speed, unit: "MB/s" });
    figures.push({ figure: `${name}: files unlike ${peer.name}`, value: different, unit: `of ${sample.length}` });
  }
  return figures;
}

async function main(): Promise<void> {
  const root = join(__dirname, "..", "..");
  const named = process.argv.slice(2);
  const at = named.indexOf("--texts");
  const [, directory] = at < 0 ? [] : named.splice(at, 2);
  const files = documents(directory ?? join(root, "node_modules"));
  const samples = samplesOf(files.map(({ text }) => text));
  const base = join(root, "media", "base", "tokenizer.json");
  const specs = named.length > 0 ? named : [...(existsSync(base) ? [base] : []), "tiktoken:cl100k_base", "tiktoken:o200k_base"];
  const figures: Figure[] = [];
  let last!: Tokenizer;
  for (const spec of specs) {
    const name = spec === base ? "base" : basename(spec, ".json");
    last = await loadTokenizer(spec);
    figures.push(
      ...loadFigures(name, spec),
      ...(await engineFigures(name, last, samples)),
      ...(await peerFigures(name, spec, last, samples.texts)),
    );
  }
  const bytes = sizeOf(samples.texts);
  figures.push(
    {
      figure: "train 4096 tokens",
      value: await rate(bytes, () => trainByteLevelBpe(samples.texts, { vocabularySize: 4096, specialTokens: [] })),
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

void (process.argv[2] === "--load-only" ? loadOnly(process.argv[3]!) : main());
