/**
 * `npm run bench -- sample DIR SEED KINDS [N]`: draws what a person reads to judge a harvest of DIR, with the text around it: rejects,
 * redactions, strips, clusters, kept. Error rates in the lab book come from such draws, read by eye. The values that it prints are
 * those of the files: the output stays where the repository is.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ClusterRecord, CorpusDocument } from "@midtrain/protocol/corpus";
import { latestCorpus, readClusters, readDocuments, readRedactions, readRejects } from "../server/src/corpus";
import { seededRandom, type Random } from "../server/src/platform/random";

const kinds = ["rejects", "redactions", "strips", "clusters", "kept"] as const;
type Kind = (typeof kinds)[number];

const [directory = ".", seed = "1", asked = kinds.join(","), most = "50"] = process.argv.slice(2);
const out = (text: string): void => void process.stderr.write(`${text}\n`);

/** Line ends and runs of blanks made visible and short. */
function squeezed(text: string): string {
  return text
    .replaceAll("\r", "")
    .replaceAll("\n", "⏎")
    .replace(/[ \t]+/g, " ");
}

function fileText(path: string): string {
  try {
    return readFileSync(join(directory, path), "utf8").replace(/^\ufeff/, "");
  } catch {
    return "";
  }
}

function draw<T>(all: readonly T[], random: Random): readonly T[] {
  const rest = [...all];
  const drawn: T[] = [];
  while (drawn.length < Number(most) && rest.length > 0) drawn.push(...rest.splice(random.int(rest.length), 1));
  return drawn;
}

function around(text: string, start: number, end: number): string {
  const cut = text.slice(start, end);
  const shown = cut.length > 1500 ? `${cut.slice(0, 800)} …… ${cut.slice(-500)}` : cut;
  return `${squeezed(text.slice(Math.max(0, start - 90), start))}«${squeezed(shown)}»${squeezed(text.slice(end, end + 130))}`;
}

function clusterText({ survivor, removed }: ClusterRecord): string {
  const [first] = removed;
  if (first === undefined) return survivor;
  const [kept, gone] = [survivor, first.path].map((path) => fileText(path).split("\n"));
  const only = (mine: readonly string[], others: readonly string[]): string => {
    const known = new Set(others.map((line) => line.trim()));
    return squeezed(
      mine
        .filter((line) => line.trim() !== "" && !known.has(line.trim()))
        .slice(0, 4)
        .join("\n"),
    ).slice(0, 230);
  };
  const difference = `\n     - ${only(kept!, gone!)}\n     + ${only(gone!, kept!)}`;
  return `${survivor} keeps, ${removed.length} removed; ${first.kind} ${first.jaccard.toFixed(2)} ${first.path}${difference}`;
}

async function population(kind: Kind, corpus: string): Promise<readonly string[]> {
  switch (kind) {
    case "rejects":
      return readRejects(corpus)
        .filter(({ rule }) => !rule.startsWith("duplicate-"))
        .map(({ path, rule, reason }) => `[${rule}] ${path}: ${reason}\n     | ${squeezed(fileText(path).slice(0, 230))}`);
    case "redactions":
      return readRedactions(corpus).map(
        ({ path, rule, line, start, end }) => `[${rule}] ${path}:${line}\n     ${around(fileText(path), start, end)}`,
      );
    case "clusters":
      return readClusters(corpus)
        .filter(({ removed }) => removed.some((each) => each.kind === "near"))
        .map(clusterText);
    case "strips":
      return fromDocuments(corpus, ({ path, spans }) =>
        spans
          .filter((span) => span.kind === "stripped")
          .map(({ rule, start, end }) => `[${rule}] ${path}\n     ${around(fileText(path), start, end)}`),
      );
    case "kept":
      return fromDocuments(corpus, ({ path, class: documentClass, language, text }) => {
        const lines = text.split("\n");
        const [head, tail] = [lines.slice(0, 20), lines.slice(20).slice(-20)].map((part) => squeezed(part.join("\n")));
        return [`${path} [${documentClass}, ${language}] ${lines.length} lines\n     ${head!.slice(0, 520)}\n     ${tail!.slice(-220)}`];
      });
  }
}

async function fromDocuments(corpus: string, texts: (document: CorpusDocument) => readonly string[]): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const document of readDocuments(corpus)) all.push(...texts(document));
  return all.sort();
}

async function main(): Promise<void> {
  const corpus = latestCorpus(join(directory, ".midtrain"));
  if (corpus === undefined) throw new Error(`There is no corpus in ${directory}: midtrain harvest ${directory}`);
  const figures: { figure: string; value: number; unit: string }[] = [];
  for (const kind of kinds.filter((each) => asked.split(",").includes(each))) {
    const all = await population(kind, corpus);
    out(`\n## ${kind}: ${all.length}, seed ${seed}`);
    draw(all, seededRandom(Number(seed))).forEach((text, index) => out(`${index + 1}. ${text}`));
    figures.push({ figure: kind, value: all.length, unit: "records" });
  }
  process.stdout.write(JSON.stringify(figures));
}

void main();
