import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { noAttributes } from "../../server/src/corpus/listing/list-git";
import { rejectByText } from "../../server/src/corpus/rules/content-rules";
import { languageOf } from "../../server/src/corpus/rules/languages";
import { measureText } from "../../server/src/corpus/rules/text-figures";
import { seededRandom } from "../../server/src/platform/random";
import { Draw } from "./draw";
import { kinds, type Style } from "./kinds";
import { negatives } from "./negatives";

/** A labelled stretch of lines of a written file, lines from 1. */
export interface Label {
  readonly file: string;
  readonly line: number;
  readonly lastLine: number;
  readonly kind: string;
  readonly positive: boolean;
  readonly hasRule: boolean;
  readonly value: string | undefined;
}

const styleOf: Readonly<Record<string, Style>> = {
  ".py": "python",
  ".c": "c",
  ".h": "c",
  ".cc": "c",
  ".js": "javascript",
  ".ts": "javascript",
  ".mjs": "javascript",
  ".go": "go",
  ".sh": "shell",
  ".yaml": "yaml",
  ".yml": "yaml",
  ".json": "json",
  ".toml": "toml",
  ".ini": "ini",
  ".cfg": "ini",
  ".conf": "ini",
  ".xml": "xml",
  ".html": "xml",
  ".md": "markdown",
  ".rst": "markdown",
};

/** Foreign files by style, of 30 to 500 lines, at most `each` per style; every directory is read in a seeded order so that no tree fills a style alone. */
function foreignFiles(trees: readonly string[], seed: string, each: number): Map<Style, string[]> {
  const random = seededRandom("foreign", seed);
  const found = new Map<Style, string[]>();
  const queues = trees.map((tree) => [tree]);
  for (let visits = 0; visits < 20_000 && queues.some((queue) => queue.length > 0); visits++) {
    const queue = queues[visits % queues.length]!;
    if (queue.length === 0) continue;
    const [directory] = queue.splice(random.int(queue.length), 1);
    for (const entry of readdirSync(directory!, { withFileTypes: true })) {
      const path = join(directory!, entry.name);
      if (entry.isDirectory()) queue.push(path);
      const style = styleOf[extname(entry.name)];
      if (!entry.isFile() || style === undefined || /[.-]min\.|lock|generated/.test(entry.name)) continue;
      const list = found.get(style) ?? [];
      found.set(style, list);
      if (list.length < each && random.float() < 0.5 && statSync(path).size < 40_000) list.push(path);
    }
  }
  return found;
}

function usable(path: string): string[] | undefined {
  const text = readFileSync(path, "utf8");
  const lines = text.split("\n");
  const isPlain = lines.length >= 30 && lines.length <= 500 && lines.every((line) => line.length < 300) && !text.includes("\r");
  if (!isPlain) return undefined;
  const file = { path, text, language: languageOf(path), figures: measureText(text), attributes: noAttributes };
  return rejectByText(file, new Set()) === undefined ? lines : undefined;
}

/** Writes files with one labelled line each, and returns the labels. Equal seeds and trees give equal files. */
export function writeSample(directory: string, trees: readonly string[], seed: string, perKind: number): Label[] {
  const draw = new Draw(seededRandom("secrets", seed));
  const files = [...foreignFiles(trees, seed, 400)].map(
    ([style, paths]) => [style, paths.filter((path) => usable(path) !== undefined)] as const,
  );
  const styles = files.filter(([, paths]) => paths.length > 0);
  const labels: Label[] = [];
  const write = (
    kind: Pick<Label, "kind" | "positive" | "hasRule">,
    make: (style: Style) => { readonly text: string; readonly value?: string },
  ): void => {
    const [style, paths] = draw.pick(styles);
    const path = draw.pick(paths);
    const lines = usable(path)!;
    const { text, value } = make(style);
    const at = draw.between(5, lines.length - 2);
    lines.splice(at, 0, text);
    const file = `${String(labels.length).padStart(4, "0")}/${draw.word()}${extname(path)}`;
    mkdirSync(join(directory, file.slice(0, 4)), { recursive: true });
    writeFileSync(join(directory, file), lines.join("\n"));
    labels.push({ ...kind, value, file, line: at + 1, lastLine: at + text.split("\n").length });
  };
  for (let round = 0; round < perKind; round++) {
    for (const kind of kinds) write({ kind: kind.name, positive: true, hasRule: kind.hasRule }, (style) => kind.make(draw, style));
    for (const negative of negatives)
      write({ kind: negative.name, positive: false, hasRule: false }, (style) => ({ text: negative.make(draw, style) }));
  }
  return labels;
}
