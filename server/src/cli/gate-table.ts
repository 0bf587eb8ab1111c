/** The gate table of the terminal: the panel's order and words in 80 columns (shared/UX, terminal). Pure. */
import { bucketNames, type BucketName, type Buckets, type SuiteFigures } from "@midtrain/protocol/measures";
import { decidingSuite, verdictText } from "@midtrain/protocol/figure-words";
import { changeText, figureDecimals, fixed } from "@midtrain/protocol/words";

const widths = [8, 8, 11, 20] as const;
const nameWidth = 12;

interface TableRow {
  readonly name: string;
  readonly cells: readonly string[];
}

export function gateTable(buckets: Buckets): readonly string[] {
  const rows = [
    { name: "", cells: ["base", "last", "selected", "change", "verdict"] },
    ...bucketNames.flatMap((name) => bucketRows(name, buckets)),
  ];
  const width = Math.max(nameWidth, ...rows.map(({ name }) => name.length + 1));
  // Wider than 80 columns only where figures would else run into each other.
  const columns = widths.map((least, i) => Math.max(least, ...rows.map(({ cells }) => cells[i]!.length + 1)));
  return rows.map(({ name, cells }) => (name.padEnd(width) + cells.map((cell, i) => cell.padEnd(columns[i] ?? 0)).join("")).trimEnd());
}

function bucketRows(name: BucketName, buckets: Buckets): readonly TableRow[] {
  const bucket = buckets[name];
  const deciding = decidingSuite(bucket);
  if (deciding.suite === bucket.suite) return [figuresRow(name, bucket, verdictText(name, bucket))];
  // The headline alone would hide why the bucket's verdict is worse than its own figures.
  const headline = bucket.suites.find((suite) => suite.suite === bucket.suite) ?? bucket;
  return [
    figuresRow(name, headline, verdictText(name, headline)),
    figuresRow(`  ${deciding.suite}`, deciding, verdictText(name, deciding)),
  ];
}

function figuresRow(name: string, figures: SuiteFigures, verdict: string): TableRow {
  const digits = Math.min(3, figureDecimals(figures));
  const value = (number: number): string => fixed(number, digits);
  return { name, cells: [value(figures.base), value(figures.last), value(figures.selected), changeText(figures, digits), verdict] };
}
