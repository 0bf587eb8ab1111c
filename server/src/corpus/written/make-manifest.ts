import type { ClusterRecord, CorpusManifest, RejectRecord, SplitCount, SplitSide } from "@midtrain/protocol/corpus";
import { plural } from "@midtrain/protocol/words";
import { toolVersion } from "../../platform/version";
import { keptBytes, type CleanDocument } from "../clean-stage";
import type { RedactionLines } from "../incremental/redaction-lines";
import type { Split } from "../split/split";

export interface ManifestParts {
  readonly corpus: string;
  readonly rules: string;
  readonly repository: CorpusManifest["repository"];
  readonly notes: readonly string[];
  readonly documents: readonly CleanDocument[];
  readonly redactions: Pick<RedactionLines, "rules" | "files">;
  readonly rejects: readonly RejectRecord[];
  readonly clusters: readonly ClusterRecord[];
  readonly nearDuplicates: NonNullable<CorpusManifest["nearDuplicates"]>;
  readonly split: Split;
  readonly shards: CorpusManifest["shards"];
  readonly seconds: number;
}

function tally(keys: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)));
}

function countBy(documents: readonly CleanDocument[], key: (document: CleanDocument) => string): Record<string, SplitCount> {
  const counts = new Map<string, { documents: number; bytes: number }>();
  for (const document of documents) {
    const name = key(document);
    const count = counts.get(name);
    if (count === undefined) counts.set(name, { documents: 1, bytes: keptBytes(document) });
    else {
      count.documents++;
      count.bytes += keptBytes(document);
    }
  }
  return Object.fromEntries([...counts].sort(([a, x], [b, y]) => y.bytes - x.bytes || (a < b ? -1 : 1)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function bytesOf({ documents, rejects }: ManifestParts): CorpusManifest["bytes"] {
  const rejected = sum(rejects.map((reject) => reject.bytes));
  const redacted = sum(documents.map((document) => document.redactedBytes));
  const stripped = sum(documents.map((document) => document.strippedBytes));
  return {
    seen: rejected + sum(documents.map((document) => document.bytes)),
    kept: sum(documents.map(keptBytes)),
    redacted,
    stripped,
    rejected,
  };
}

function encodingNotes(documents: readonly CleanDocument[]): string[] {
  const odd = documents.filter((document) => document.encoding !== "utf-8");
  if (odd.length === 0) return [];
  const counts = Object.entries(tally(odd.map((document) => document.encoding))).map(([encoding, n]) => `${n} from ${encoding}`);
  return [`${plural(odd.length, "file was", "files were")} converted to UTF-8: ${counts.join(", ")}.`];
}

/** Everything needed to show a corpus and to recompute its id. */
export function makeManifest(parts: ManifestParts): CorpusManifest {
  const { documents, split } = parts;
  const side = (name: SplitSide): SplitCount => {
    const count = { documents: 0, bytes: 0 };
    for (let index = 0; index < documents.length; index++) {
      if (split.sides[index] !== name) continue;
      count.documents++;
      count.bytes += keptBytes(documents[index]!);
    }
    return count;
  };
  return {
    format: 1,
    corpus: parts.corpus,
    tool: toolVersion,
    rules: parts.rules,
    repository: parts.repository,
    documents: documents.length,
    bytes: bytesOf(parts),
    byClass: countBy(documents, (document) => document.class),
    byLanguage: countBy(documents, (document) => document.language),
    rejectsByRule: tally(parts.rejects.map((reject) => reject.rule)),
    redactionsByRule: tally(parts.redactions.rules),
    redactedFiles: parts.redactions.files,
    duplicateClusters: parts.clusters.length,
    nearDuplicates: parts.nearDuplicates,
    split: {
      train: side("train"),
      heldOut: side("held-out"),
      sealed: side("sealed"),
      words: split.words,
      ...(split.note === undefined ? {} : { note: split.note }),
    },
    notes: [...parts.notes, ...encodingNotes(documents)],
    shards: parts.shards,
    seconds: parts.seconds,
  };
}
