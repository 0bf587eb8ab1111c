/** The gate table of the terminal: the panel's order and words in 80 columns (shared/UX, terminal). Pure. */
import { bucketNames, type BucketName, type Buckets, type SuiteFigures } from "@midtrain/protocol/measures";
import { decidingSuite, verdictText } from "@midtrain/protocol/figure-words";
import { changeText, figureDecimals, fixed } from "@midtrain/protocol/words";

const widths = [12, 8, 8, 11, 20] as const;

export function gateTable(buckets: Buckets): readonly string[] {
  return [row("", "base", "last", "selected", "change", "verdict"), ...bucketNames.flatMap((name) => bucketRows(name, buckets))];
}

function bucketRows(name: BucketName, buckets: Buckets): readonly string[] {
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

function figuresRow(name: string, figures: SuiteFigures, verdict: string): string {
  const digits = Math.min(3, figureDecimals(figures));
  const value = (number: number): string => fixed(number, digits);
  return row(name, value(figures.base), value(figures.last), value(figures.selected), changeText(figures, digits), verdict);
}

function row(name: string, ...cells: readonly string[]): string {
  const first = name.length < widths[0] ? name.padEnd(widths[0]) : `${name.slice(0, widths[0] - 2)}… `;
  return (first + cells.map((cell, i) => cell.padEnd(widths[i + 1] ?? 0)).join("")).trimEnd();
}
