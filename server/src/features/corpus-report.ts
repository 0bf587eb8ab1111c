/** Figures of the corpus panel, from the index. Pure. */
import type { CorpusCheckSummary } from "@midtrain/protocol/corpus-check";
import type { CorpusReport, DirectoryFigures } from "@midtrain/protocol/corpus-view";
import { residualRisk } from "../corpus";
import type { CorpusIndex } from "./corpus-index";

/** Directories in the panel; the tree has all of them. */
const worstShown = 15;

export function corpusReport(index: CorpusIndex, directory: string, check?: CorpusCheckSummary): CorpusReport {
  const { shards: _, ...manifest } = index.manifest;
  return {
    directory,
    manifest,
    rejectedBytesByRule: Object.fromEntries(
      [
        ...sums(
          index.rejects,
          ({ rule }) => rule,
          ({ bytes }) => bytes,
        ),
      ].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)),
    ),
    kept: keptFigures(index),
    directories: worstDirectories(index),
    residualRisk,
    ...(check === undefined ? {} : { check }),
  };
}

function sums<T>(records: readonly T[], key: (record: T) => string, value: (record: T) => number): Map<string, number> {
  const totals = new Map<string, number>();
  for (const record of records) totals.set(key(record), (totals.get(key(record)) ?? 0) + value(record));
  return totals;
}

function keptFigures({ documents }: CorpusIndex): CorpusReport["kept"] {
  const figures = new Map<string, { class: string; language: string; files: number; bytes: number }>();
  for (const { class: documentClass, language, bytes } of documents) {
    const key = `${documentClass}\0${language}`;
    const figure = figures.get(key) ?? { class: documentClass, language, files: 0, bytes: 0 };
    figures.set(key, { ...figure, files: figure.files + 1, bytes: figure.bytes + bytes });
  }
  return [...figures.values()].sort((a, b) => b.bytes - a.bytes || (a.class + a.language < b.class + b.language ? -1 : 1));
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The first two levels: deep enough to name a part of a repository, few enough to read. */
function directoryOf(path: string): string {
  const first = path.indexOf("/");
  if (first < 0) return "";
  const second = path.indexOf("/", first + 1);
  return path.slice(0, (second < 0 ? first : second) + 1);
}

/** Directories by the bytes that they lose, most first; those that lose nothing are left out. */
function worstDirectories({ documents, rejects, redactions }: CorpusIndex): readonly DirectoryFigures[] {
  const figures = new Map<string, Mutable<DirectoryFigures>>();
  const of = (path: string): Mutable<DirectoryFigures> => {
    const directory = directoryOf(path);
    let figure = figures.get(directory);
    if (!figure) figures.set(directory, (figure = { directory, files: 0, bytes: 0, rejectedBytes: 0, duplicateBytes: 0, redactions: 0 }));
    return figure;
  };
  for (const { path, bytes } of documents) {
    const figure = of(path);
    figure.files++;
    figure.bytes += bytes;
  }
  for (const { path, rule, bytes } of rejects) {
    const figure = of(path);
    figure.files++;
    figure.bytes += bytes;
    if (rule.startsWith("duplicate-")) figure.duplicateBytes += bytes;
    else figure.rejectedBytes += bytes;
  }
  for (const { path } of redactions) of(path).redactions++;
  const lost = (figure: DirectoryFigures): number => figure.rejectedBytes + figure.duplicateBytes;
  return [...figures.values()]
    .filter((figure) => lost(figure) > 0 || figure.redactions > 0)
    .sort((a, b) => lost(b) - lost(a) || b.redactions - a.redactions || (a.directory < b.directory ? -1 : 1))
    .slice(0, worstShown);
}
