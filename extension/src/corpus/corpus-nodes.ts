/** What stands in the Corpus view. Pure: words, icons and lists of a corpus; no editor state. */
import { classTitle, documentClasses, type CorpusManifest } from "@midtrain/protocol/corpus";
import type { CorpusEntry, CorpusList, CorpusStaleness } from "@midtrain/protocol/corpus-view";
import { bytes, count, plural } from "@midtrain/protocol/words";
import type { Uri } from "vscode";

export interface Row {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly tooltip?: string;
  readonly icon?: string;
  /** What the context menu knows it by. */
  readonly context: string;
}

export type CorpusNode =
  /** Made on the spot. */
  | (Row & { readonly kind: "group"; readonly children: readonly CorpusNode[] })
  /** A list, or a directory of it, that the server is asked for when it opens. */
  | (Row & { readonly kind: "list"; readonly list: CorpusList; readonly under: string })
  | (Row & { readonly kind: "entry"; readonly entry: Exclude<CorpusEntry, { kind: "directory" | "cluster" }> })
  | (Row & { readonly kind: "more"; readonly parent: CorpusNode; readonly offset: number })
  | (Row & { readonly kind: "note" });

/** What an action of the corpus works on: a row of the view, a file of the explorer or the editor, or the active editor. */
export type CorpusTarget = CorpusNode | Uri;

/** The top of the view: counts come from the manifest alone. */
export function corpusNodes(manifest: CorpusManifest): readonly CorpusNode[] {
  const { split } = manifest;
  const held = split.heldOut.documents + split.sealed.documents;
  const nodes: CorpusNode[] = [
    {
      kind: "group",
      id: "kept",
      context: "group",
      label: "Kept",
      icon: "pass",
      description: `${plural(manifest.documents, "file")} · ${bytes(manifest.bytes.kept)}`,
      tooltip: `${byteLedger(manifest)}\n${languageWords(manifest)}`,
      children: classNodes(manifest),
    },
    {
      kind: "group",
      id: "held",
      context: "group",
      label: "Held out",
      icon: "lock",
      description: `${plural(held, "file")} · never trained on`,
      tooltip: split.words,
      children: [
        listNode("held-out", "For the gates", { of: "documents", sides: ["held-out"] }, split.heldOut.documents, split.heldOut.bytes),
        listNode("sealed", "Sealed until the end", { of: "documents", sides: ["sealed"] }, split.sealed.documents, split.sealed.bytes),
      ].filter(({ description }) => !description?.startsWith("0 ")),
    },
  ];
  const rejected = Object.entries(manifest.rejectsByRule).filter(([rule]) => !rule.startsWith("duplicate-"));
  if (rejected.length > 0) nodes.push(ruleGroup("rejected", "Rejected", "circle-slash", rejected, "rejects"));
  if (manifest.redactedFiles > 0) nodes.push(redactedGroup(manifest));
  if (manifest.duplicateClusters > 0)
    nodes.push({
      kind: "list",
      id: "duplicates",
      context: "group",
      label: "Duplicates",
      icon: "files",
      description: plural(manifest.duplicateClusters, "cluster"),
      tooltip: "One file of each cluster stays; the others are left out.",
      list: { of: "clusters" },
      under: "",
    });
  if (manifest.notes.length > 0) nodes.push(notesGroup(manifest));
  return nodes;
}

function notesGroup({ notes }: CorpusManifest): CorpusNode {
  return {
    kind: "group",
    id: "notes",
    context: "group",
    label: "Notes",
    icon: "info",
    description: count(notes.length),
    children: notes.map((note, index) => ({ kind: "note", id: `note ${index}`, context: "note", label: note, tooltip: note })),
  };
}

function byteLedger({ bytes: ledger }: CorpusManifest): string {
  return `${bytes(ledger.seen)} seen = ${bytes(ledger.kept)} kept + ${bytes(ledger.redacted)} redacted + ${bytes(ledger.stripped)} stripped + ${bytes(ledger.rejected)} rejected`;
}

function languageWords({ byLanguage }: CorpusManifest): string {
  const languages = Object.entries(byLanguage);
  const shown = languages.slice(0, 6).map(([language, { documents }]) => `${language} ${count(documents)}`);
  return `${shown.join(" · ")}${languages.length > 6 ? ` · ${count(languages.length - 6)} more languages` : ""}`;
}

function classNodes({ byClass }: CorpusManifest): readonly CorpusNode[] {
  const known: readonly string[] = documentClasses;
  const names = [...known, ...Object.keys(byClass).filter((name) => !known.includes(name))];
  return names.flatMap((name) => {
    const figures = byClass[name];
    const list: CorpusList = { of: "documents", sides: ["train", "held-out", "sealed"], class: name };
    return figures === undefined ? [] : [listNode(`class ${name}`, classTitle(name), list, figures.documents, figures.bytes)];
  });
}

function listNode(id: string, label: string, list: CorpusList, files: number, size: number): CorpusNode {
  return {
    kind: "list",
    id,
    context: "group",
    label,
    icon: "folder",
    description: `${plural(files, "file")} · ${bytes(size)}`,
    list,
    under: "",
  };
}

function ruleGroup(
  id: string,
  label: string,
  icon: string,
  rules: readonly (readonly [string, number])[],
  of: "rejects" | "redactions",
): CorpusNode {
  const noun = of === "rejects" ? "file" : "finding";
  const total = rules.reduce((sum, [, n]) => sum + n, 0);
  const sorted = [...rules].sort(([, a], [, b]) => b - a);
  return {
    kind: "group",
    id,
    context: "group",
    label,
    icon,
    description: `${plural(total, noun)} · ${sorted
      .slice(0, 3)
      .map(([rule, n]) => `${rule} ${count(n)}`)
      .join(" · ")}`,
    children: sorted.map(([rule, n]) => ({
      kind: "list",
      id: `${id} ${rule}`,
      context: of === "rejects" ? "rule" : "group",
      label: rule,
      icon,
      description: plural(n, noun),
      list: { of, rule },
      under: "",
    })),
  };
}

function redactedGroup({ redactionsByRule, redactedFiles }: CorpusManifest): CorpusNode {
  const group = ruleGroup("redacted", "Redacted", "eye-closed", Object.entries(redactionsByRule), "redactions");
  const findings = Object.values(redactionsByRule).reduce((sum, n) => sum + n, 0);
  return {
    ...group,
    context: "redacted",
    description: `${plural(findings, "finding")} in ${plural(redactedFiles, "file")}`,
    tooltip: "Replaced by placeholders before anything was written. What no rule knows may remain: review what matters.",
  };
}

/** Rows of one page. `offset` counts the entries before it; a last row asks for the rest. */
export function pageNodes(
  parent: CorpusNode & { readonly kind: "list" },
  entries: readonly CorpusEntry[],
  total: number,
): readonly CorpusNode[] {
  const nodes = entries.map((entry) => entryNode(parent, entry));
  if (entries.length >= total) return nodes;
  const left = total - entries.length;
  return [
    ...nodes,
    {
      kind: "more",
      id: `${parent.id} more`,
      context: "more",
      label: `Show more (${count(left)} left)`,
      icon: "ellipsis",
      parent,
      offset: entries.length,
    },
  ];
}

function entryNode(parent: CorpusNode & { readonly kind: "list" }, entry: CorpusEntry): CorpusNode {
  const { under } = parent;
  const label = under !== "" && entry.path.startsWith(under) ? entry.path.slice(under.length) : entry.path;
  const id = `${parent.id} > ${entry.path}`;
  if (entry.kind === "directory")
    return {
      kind: "list",
      id,
      context: parent.list.of === "rejects" ? "directory-rejected" : "directory",
      label,
      icon: "folder",
      description: entry.bytes > 0 ? `${count(entry.records)} · ${bytes(entry.bytes)}` : count(entry.records),
      tooltip: entry.path,
      list: parent.list,
      under: entry.path,
    };
  if (entry.kind === "cluster")
    return {
      kind: "list",
      id,
      context: "cluster",
      label,
      icon: "files",
      description: `kept · ${plural(entry.removed, "duplicate")} left out`,
      tooltip: [entry.path, entry.why].filter(Boolean).join("\n"),
      list: { of: "duplicates", survivor: entry.path },
      under: "",
    };
  return leafNode(entry, label, id);
}

type Leaf = Exclude<CorpusEntry, { kind: "directory" | "cluster" }>;

function leafNode(entry: Leaf, label: string, id: string): CorpusNode {
  switch (entry.kind) {
    case "document": {
      const { path, language, split } = entry;
      const figures = `${language} · ${bytes(entry.bytes)}`;
      const tooltip = `${path}\n${classTitle(entry.class)} · ${figures} · ${split}`;
      return { kind: "entry", entry, id, context: "document", label, description: figures, tooltip };
    }
    case "reject": {
      const { path, reason, rule } = entry;
      const size = bytes(entry.bytes);
      return {
        kind: "entry",
        entry,
        id,
        context: "reject",
        label,
        description: size,
        tooltip: `${path}\n${reason}\nRule ${rule} · ${size}`,
      };
    }
    case "redaction": {
      const { path, line, rule, placeholder } = entry;
      const tooltip = `${path}, line ${count(line)}\nRule ${rule}; the corpus holds ${placeholder} instead.`;
      const row = { context: "finding", label: `${label}:${line}`, description: placeholder, icon: "eye-closed", tooltip };
      return { kind: "entry", entry, id: `${id}:${entry.start}`, ...row };
    }
    case "duplicate": {
      const { path, survivor, duplicate, jaccard } = entry;
      const description = duplicate === "near" ? `Jaccard ${jaccard.toFixed(2)}` : duplicate === "blob" ? "same bytes" : "same text";
      const tooltip = `${path}\nLeft out beside ${survivor}. Opens the difference.`;
      return { kind: "entry", entry, id, context: "duplicate", label: path, icon: "diff", description, tooltip };
    }
  }
}

/** `3 files changed since the harvest.`; undefined when nothing did. */
export function stalenessWords(staleness: CorpusStaleness | undefined): string | undefined {
  if (!staleness) return undefined;
  const files = staleness.changed > 0 ? [`${plural(staleness.changed, "file")} changed`] : [];
  const parts = [
    ...files,
    ...(staleness.history ? ["the history has new messages"] : []),
    ...(staleness.configuration ? ["midtrain.jsonc was written"] : []),
  ];
  return parts.length === 0 ? undefined : `${listed(parts)} since the harvest.`;
}

/** `a`, `a and b`, `a, b and c`. */
function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
