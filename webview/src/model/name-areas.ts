/** Where names cost: the directories of a report, one level at a time. Pure. */
import type { AreaFigures, FragmentationReport } from "@midtrain/protocol/tokens";
import { count, percent, plural } from "@midtrain/protocol/words";

export interface NameArea {
  /** "" for the files that lie in the focus itself. */
  readonly path: string;
  readonly label: string;
  readonly tokens: number;
  readonly contextCost: number;
  readonly costShare: number;
  readonly files: number;
}

/** Areas beyond these are drawn as one. */
const areasDrawn = 30;

/**
 * The directories right below `focus`, most tokens first, and its own files; their tokens add up to those of the focus.
 * A focus that the report does not know has none.
 */
export function nameAreas(report: FragmentationReport, focus: string): readonly NameArea[] {
  const { directories = [] } = report;
  const whole = directories.find(({ path }) => path === focus);
  if (whole === undefined) return [];
  const areas = childrenOf(directories, focus)
    .map((area) => onlyChild(directories, area))
    .map((area) => areaOf(area, `${area.path.slice(focus === "" ? 0 : focus.length + 1)}/`))
    .sort((a, b) => b.tokens - a.tokens || (a.path < b.path ? -1 : 1));
  const own = rest(whole, areas, areas.length === 0 ? "all files" : "files here");
  const all = own.tokens > 0 ? [...areas, own] : areas;
  if (all.length <= areasDrawn) return all;
  const drawn = areas.slice(0, areasDrawn - 1);
  return [...drawn, rest(whole, drawn, `${count(all.length - drawn.length)} others`)];
}

function childrenOf(directories: readonly AreaFigures[], focus: string): readonly AreaFigures[] {
  const prefix = focus === "" ? "" : `${focus}/`;
  return directories.filter(({ path }) => path !== focus && path.startsWith(prefix) && !path.slice(prefix.length).includes("/"));
}

/** A directory that holds one directory and nothing else is shown as that one: `server/src`. */
function onlyChild(directories: readonly AreaFigures[], area: AreaFigures): AreaFigures {
  const [child, ...others] = childrenOf(directories, area.path);
  return child !== undefined && others.length === 0 && child.files === area.files && child.tokens === area.tokens
    ? onlyChild(directories, child)
    : area;
}

function areaOf({ path, tokens, contextCost, costShare, files }: AreaFigures, label: string): NameArea {
  return { path, label, tokens, contextCost, costShare, files };
}

function rest(whole: AreaFigures, parts: readonly NameArea[], label: string): NameArea {
  const left = (key: "tokens" | "contextCost" | "files"): number =>
    Math.max(0, whole[key] - parts.reduce((sum, part) => sum + part[key], 0));
  const tokens = left("tokens");
  const contextCost = left("contextCost");
  return { path: "", label, tokens, contextCost, costShare: tokens === 0 ? 0 : contextCost / tokens, files: left("files") };
}

export function areaWords({ label, tokens, contextCost, costShare, files }: NameArea): string {
  return `${label} ${percent(costShare)} of ${count(tokens)} tokens is what names cost: ${count(Math.round(contextCost))} extra tokens in ${plural(files, "file")}`;
}

/** The finding over the map. */
export function areasFinding(report: FragmentationReport, focus: string): string {
  const areas = nameAreas(report, focus).filter(({ path, contextCost }) => path !== "" && contextCost > 0);
  const whole = report.directories?.find(({ path }) => path === focus);
  if (whole === undefined || whole.contextCost <= 0) return "No name costs more than one token here.";
  const [worst] = [...areas].sort((a, b) => b.contextCost - a.contextCost);
  const here = focus === "" ? "Names" : `Below ${focus}/ names`;
  const cost = `${here} cost ${percent(whole.costShare)} of the context`;
  return worst === undefined ? `${cost}.` : `${cost}; ${worst.label} takes ${percent(worst.contextCost / whole.contextCost)} of that.`;
}

/** Steps of tint, from cheap to dear within the shown areas. */
export const tintSteps = 5;

export function tintOf(area: NameArea, areas: readonly NameArea[]): number {
  const shares = areas.filter(({ tokens }) => tokens > 0).map(({ costShare }) => costShare);
  const [least, most] = [Math.min(...shares), Math.max(...shares)];
  return most <= least
    ? Math.floor(tintSteps / 2)
    : Math.min(tintSteps - 1, Math.floor(((area.costShare - least) / (most - least)) * tintSteps));
}

/** Directories for the filter, the costliest first. */
export function filterDirectories(report: FragmentationReport, most: number): readonly string[] {
  return [...(report.directories ?? [])]
    .filter(({ path, contextCost }) => path !== "" && contextCost > 0)
    .sort((a, b) => b.contextCost - a.contextCost || (a.path < b.path ? -1 : 1))
    .slice(0, most)
    .map(({ path }) => path)
    .sort();
}
