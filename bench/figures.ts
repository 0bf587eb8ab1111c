/** What a benchmark hands to scripts/bench.mjs: its figures as the only line on stdout. */
export interface Figure {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
}

export function printFigures(figures: readonly Figure[]): void {
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

/** Largest resident size of this process so far, in MB. */
export function peakMemory(): number {
  return process.resourceUsage().maxRSS / 1024;
}
