/** Figures of files and directories. */
import type { AreaFigures } from "@midtrain/protocol/tokens";
import { creditUnit } from "../token-overlap";
import type { FileRow } from "./corpus-tally";

interface Sums {
  files: number;
  bytes: number;
  tokens: number;
  occurrences: number;
  credit: number;
  split: number;
}

/** The repository as "", then every directory by path, each with everything below it. */
export function areaFigures(files: readonly FileRow[]): AreaFigures[] {
  const areas = new Map<string, Sums>([["", emptySums()]]);
  for (const file of files) for (const directory of directoriesOf(file.path)) addFile(areas, directory, file);
  return [...areas].map(([path, sums]) => figuresOf(path, sums)).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The files with the highest context cost, the costliest first. */
export function costliestFiles(files: readonly FileRow[], most: number): AreaFigures[] {
  return files
    .map((file) => figuresOf(file.path, { ...file, files: 1 }))
    .sort((a, b) => b.contextCost - a.contextCost || (a.path < b.path ? -1 : 1))
    .slice(0, most);
}

function* directoriesOf(path: string): Generator<string> {
  yield "";
  for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) if (slash > 0) yield path.slice(0, slash);
}

function emptySums(): Sums {
  return { files: 0, bytes: 0, tokens: 0, occurrences: 0, credit: 0, split: 0 };
}

function addFile(areas: Map<string, Sums>, directory: string, file: FileRow): void {
  let sums = areas.get(directory);
  if (sums === undefined) areas.set(directory, (sums = emptySums()));
  sums.files++;
  sums.bytes += file.bytes;
  sums.tokens += file.tokens;
  sums.occurrences += file.occurrences;
  sums.credit += file.credit;
  sums.split += file.split;
}

function figuresOf(path: string, { files, bytes, tokens, occurrences, credit, split }: Sums): AreaFigures {
  const contextCost = credit / creditUnit - occurrences;
  return {
    path,
    files,
    bytes,
    tokens,
    occurrences,
    meanInContext: occurrences === 0 ? 0 : credit / creditUnit / occurrences,
    splitShare: occurrences === 0 ? 0 : split / occurrences,
    contextCost,
    costShare: tokens === 0 ? 0 : contextCost / tokens,
  };
}
