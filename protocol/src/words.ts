/** Numbers as people read them (shared/UX: three significant digits, 12.3k, 4.5M, 2 min 10 s). */
import type { SuiteFigures } from "./measures";
import type { RunResources } from "./run";
import type { FragmentationReport } from "./tokens";

export function count(value: number): string {
  if (value < 10_000) return Math.round(value).toLocaleString("en-US");
  if (value < 999_500) return `${significant(value / 1e3)}k`;
  if (value < 999_500_000) return `${significant(value / 1e6)}M`;
  return `${significant(value / 1e9)}G`;
}

export function bytes(value: number): string {
  const units = ["bytes", "kB", "MB", "GB"];
  let unit = 0;
  let scaled = value;
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000;
    unit++;
  }
  return unit === 0 ? `${Math.round(value)} bytes` : `${significant(scaled)} ${units[unit]}`;
}

export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min${whole % 60 ? ` ${whole % 60} s` : ""}`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** Three significant digits without exponent. */
export function significant(value: number): string {
  if (value === 0) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 6));
}

/** A signed change with a real minus sign; what rounds to zero is never negative. */
export function signed(value: number, digits = 3): string {
  const text = Math.abs(value).toFixed(digits);
  return `${value < 0 && Number(text) !== 0 ? "−" : "+"}${text}`;
}

export function percent(share: number): string {
  return `${significant(share * 100)} %`;
}

/** "NVIDIA H100, 31 GB of 80 GB in use, peak 29 GB, 0.41 s a step" */
export function resourcesText({ device, usedBytes, totalBytes, peakBytes, stepSeconds }: RunResources): string {
  const used = totalBytes === undefined ? `${bytes(usedBytes)} in use` : `${bytes(usedBytes)} of ${bytes(totalBytes)} in use`;
  const time = stepSeconds === undefined ? [] : [`${significant(stepSeconds)} s a step`];
  return [device, used, `peak ${bytes(peakBytes)}`, ...time].join(", ");
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/**
 * Decimals that show three significant digits of a value, and of the half-width of its interval two digits where
 * it begins with 1 or 2, else one (`± 0.012`, `± 0.006`); at most four.
 */
export function decimalsFor(value: number, halfWidth = 0): number {
  const ofValue = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  const magnitude = halfWidth > 0 ? Math.floor(Math.log10(halfWidth)) : 0;
  const ofWidth = halfWidth > 0 ? Math.max(0, (halfWidth / 10 ** magnitude < 3 ? 1 : 0) - magnitude) : 0;
  return Math.min(4, Math.max(ofValue, ofWidth));
}

/** A number with a fixed number of decimals and a real minus sign; never a negative zero. */
export function fixed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

type Figured = Pick<SuiteFigures, "unit" | "n" | "better" | "base" | "delta" | "low" | "high">;

/** The value as measured behind an oriented delta, in the unit of the metric. */
export function measuredValue(figures: Figured): number {
  return figures.better === "lower" ? figures.base - figures.delta : figures.base + figures.delta;
}

/** An oriented difference (positive is better) with the sign that the metric itself has. */
export function rawChange(better: Figured["better"], delta: number): number {
  return better === "lower" && delta !== 0 ? -delta : delta;
}

export function figureDecimals(figures: Figured): number {
  return decimalsFor(measuredValue(figures), (figures.high - figures.low) / 2);
}

/** `−0.083 ± 0.012`: the raw change against the base and the half-width of its 95 % interval. */
export function changeText(figures: Figured, digits = figureDecimals(figures)): string {
  return `${signed(rawChange(figures.better, figures.delta), digits)} ± ${fixed((figures.high - figures.low) / 2, digits)}`;
}

/** `0.912 bits/byte (−0.083 ± 0.012, n = 412)`; the base itself has no change: `0.995 bits/byte (n = 412)`. */
export function figure(figures: Figured): string {
  const digits = figureDecimals(figures);
  const value = `${fixed(measuredValue(figures), digits)} ${figures.unit}`;
  const isBase = figures.delta === 0 && figures.low === 0 && figures.high === 0;
  return isBase ? `${value} (n = ${count(figures.n)})` : `${value} (${changeText(figures, digits)}, n = ${count(figures.n)})`;
}

/** Share of the corpus's tokens that the first `names` of the ranked terms cost beyond one token each (Σ f·(r−1) / tokens). */
export function costShareOfTop(report: FragmentationReport, names: number): number {
  const all = Object.values(report.byKind).reduce((sum, kind) => sum + kind.occurrences * (kind.meanInContext - 1), 0);
  if (all <= 0) return 0;
  const ranked = [...report.top].sort((a, b) => b.contextCost - a.contextCost).slice(0, names);
  return (ranked.reduce((sum, term) => sum + term.contextCost, 0) / all) * report.costShare;
}

/** `40 names cost 11 % of the context.` */
export function fragmentationHeadline(report: FragmentationReport): string {
  const names = Math.min(40, report.top.filter((term) => term.contextCost > 0).length);
  if (names === 0) return "No name of this repository costs more than one token.";
  return `${plural(names, "name costs", "names cost")} ${percent(costShareOfTop(report, names))} of the context.`;
}
