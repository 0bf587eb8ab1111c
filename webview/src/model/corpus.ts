/** Words and flow of the corpus panel. Pure. */
import { classTitle } from "@midtrain/protocol/corpus";
import type { CorpusList, CorpusReport } from "@midtrain/protocol/corpus-view";
import { bytes, count, percent, plural } from "@midtrain/protocol/words";

export function sumOf(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function isDuplicateRule(rule: string): boolean {
  return rule.startsWith("duplicate-");
}

export function findings(report: CorpusReport): number {
  return sumOf(Object.values(report.manifest.redactionsByRule));
}

/** The first sentence of the panel. */
export function corpusHeadline(report: CorpusReport): string {
  const { manifest } = report;
  const seen = manifest.documents + sumOf(Object.values(manifest.rejectsByRule));
  if (seen === 0) return "The harvest saw no file.";
  const kept = `${count(manifest.documents)} of ${plural(seen, "file")} are in the corpus: ${bytes(manifest.bytes.kept)} of ${bytes(manifest.bytes.seen)}.`;
  const redacted = findings(report);
  return redacted === 0
    ? `${kept} Nothing was redacted.`
    : `${kept} ${plural(redacted, "finding was", "findings were")} redacted in ${plural(manifest.redactedFiles, "file")}.`;
}

export interface FlowNode {
  readonly id: string;
  readonly column: 0 | 1 | 2;
  readonly label: string;
  readonly bytes: number;
  readonly files?: number;
  readonly tone: "kept" | "lost";
  readonly from?: string;
  /** The files behind it, where the corpus lists them. */
  readonly list?: CorpusList;
}

/** Rules beyond these are drawn as one band; the table names all. */
const rulesDrawn = 6;
const allSides = ["train", "held-out", "sealed"] as const;

/**
 * From seen to kept: seen splits into kept, duplicates, rejected, stripped and redacted; kept splits into classes, rejected into rules.
 * Bytes on disk; every band is split without a rest.
 */
export function corpusFlow(report: CorpusReport): readonly FlowNode[] {
  const { manifest, rejectedBytesByRule } = report;
  const { seen, kept, redacted, stripped } = manifest.bytes;
  const rules = Object.entries(rejectedBytesByRule).filter(([rule]) => !isDuplicateRule(rule));
  const duplicates = sumOf(Object.entries(rejectedBytesByRule).flatMap(([rule, size]) => (isDuplicateRule(rule) ? [size] : [])));
  const filesBy = (wanted: (rule: string) => boolean): number =>
    sumOf(Object.entries(manifest.rejectsByRule).flatMap(([rule, n]) => (wanted(rule) ? [n] : [])));
  const nodes: FlowNode[] = [
    { id: "seen", column: 0, label: "Seen", bytes: seen, files: manifest.documents + filesBy(() => true), tone: "kept" },
    {
      id: "kept",
      column: 1,
      label: "Kept",
      bytes: kept,
      files: manifest.documents,
      tone: "kept",
      from: "seen",
      list: { of: "documents", sides: allSides },
    },
    ...Object.entries(manifest.byClass).map(([name, figures]): FlowNode => ({
      id: `class ${name}`,
      column: 2,
      label: classTitle(name),
      bytes: figures.bytes,
      files: figures.documents,
      tone: "kept",
      from: "kept",
      list: { of: "documents", sides: allSides, class: name },
    })),
    {
      id: "duplicates",
      column: 1,
      label: "Duplicates",
      bytes: duplicates,
      files: filesBy(isDuplicateRule),
      tone: "lost",
      from: "seen",
      list: { of: "clusters" },
    },
    { id: "stripped", column: 1, label: "Stripped", bytes: stripped, tone: "lost", from: "seen" },
    { id: "redacted", column: 1, label: "Redacted", bytes: redacted, tone: "lost", from: "seen", list: { of: "redactions" } },
    {
      id: "rejected",
      column: 1,
      label: "Rejected",
      bytes: sumOf(rules.map(([, size]) => size)),
      files: filesBy((rule) => !isDuplicateRule(rule)),
      tone: "lost",
      from: "seen",
      list: { of: "rejects" },
    },
    ...ruleNodes(report, rules),
  ];
  return nodes.filter((node) => node.bytes > 0);
}

function ruleNodes({ manifest }: CorpusReport, rules: readonly (readonly [string, number])[]): FlowNode[] {
  const sorted = [...rules].sort(([, a], [, b]) => b - a);
  // A single rule more is drawn as itself: "1 more rule" would say less.
  const drawn = sorted.length <= rulesDrawn + 1 ? sorted : sorted.slice(0, rulesDrawn);
  const rest = sorted.slice(drawn.length);
  const nodes = drawn.map(([rule, size]): FlowNode => {
    const files = manifest.rejectsByRule[rule];
    const counted = files === undefined ? {} : { files };
    return {
      id: `rule ${rule}`,
      column: 2,
      label: rule,
      bytes: size,
      ...counted,
      tone: "lost",
      from: "rejected",
      list: { of: "rejects", rule },
    };
  });
  if (rest.length === 0) return nodes;
  const files = sumOf(rest.map(([rule]) => manifest.rejectsByRule[rule] ?? 0));
  const label = `${count(rest.length)} more rules`;
  return [...nodes, { id: "more", column: 2, label, bytes: sumOf(rest.map(([, size]) => size)), files, tone: "lost", from: "rejected" }];
}

/** The finding over the flow chart. */
export function flowFinding(report: CorpusReport): string {
  const { seen, kept } = report.manifest.bytes;
  const largest = Object.entries(report.rejectedBytesByRule).sort(([, a], [, b]) => b - a)[0];
  if (seen === 0) return "Nothing was seen.";
  const share = `${percent(kept / seen)} of the bytes seen are kept`;
  return largest && largest[1] > 0
    ? `${share}; the rule ${largest[0]} takes the largest part of the rest (${percent(largest[1] / seen)}).`
    : `${share}.`;
}

export function nodeWords(node: FlowNode, seen: number): string {
  const files = node.files === undefined ? "" : `, ${plural(node.files, "file")}`;
  return `${node.label}: ${bytes(node.bytes)}, ${percent(node.bytes / Math.max(1, seen))} of what was seen${files}`;
}
