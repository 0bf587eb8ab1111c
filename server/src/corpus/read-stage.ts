import type { RejectRecord } from "@midtrain/protocol/corpus";
import { hashOf } from "../platform/hash";
import { rulesVersion, type ResolvedCorpusConfig } from "./corpus-config";
import type { ListedFile, Listing } from "./listing/list-git";
import type { Pacer } from "./pacer";
import type { PathRules } from "./rules/path-rules";
import { blobId, isIndexContent, type ContentReader } from "./listing/read-content";
import { findCredentials } from "./sensitive/sensitive-scan";
import type { ContentStore } from "./written/stores";

/** A file that was read and may become a document. */
export interface Candidate {
  /** Index into the listing. */
  readonly file: number;
  readonly path: string;
  readonly bytes: number;
  readonly blob: string;
  readonly isForced: boolean;
}

export interface ReadStage {
  readonly candidates: readonly Candidate[];
  readonly rejects: readonly RejectRecord[];
  /** Tracked files whose content differs from HEAD. */
  readonly dirty: number;
  /** Content hash of everything that decides what the corpus holds. */
  readonly corpusId: string;
}

/** A path in a record must not show a credential either. */
function hideCredentials(path: string): string | undefined {
  const findings = findCredentials(path);
  if (findings.length === 0) return undefined;
  let shown = "";
  let at = 0;
  for (const finding of findings) {
    shown += `${path.slice(at, finding.start)}<SECRET:${finding.rule}>`;
    at = finding.end;
  }
  return shown + path.slice(at);
}

/** Reads every file that no path rule rejects, and derives the corpus id. */
export async function readFiles(
  listing: Listing,
  rules: PathRules,
  reader: ContentReader,
  store: ContentStore,
  settings: { readonly config: ResolvedCorpusConfig; readonly seed: number },
  pacer: Pacer,
  onStep: (done: number) => void,
): Promise<ReadStage> {
  const candidates: Candidate[] = [];
  const rejects: RejectRecord[] = [];
  const inputs: string[] = [];
  let dirty = 0;
  for (const [index, file] of listing.files.entries()) {
    if (pacer.due()) await pacer.rest();
    const outcome = readFile(file, rules, reader);
    if (outcome.kind === "reject") {
      rejects.push(outcome.record);
      inputs.push(`${outcome.record.path}\0${outcome.record.rule}\0${outcome.record.bytes}`);
      if (outcome.record.rule === "vanished" || listing.staged.has(file.path)) dirty++;
    } else {
      const blob = blobId(outcome.content, listing.objectFormat);
      candidates.push({ file: index, path: file.path, bytes: outcome.content.length, blob, isForced: rules.isForced(file.path) });
      store.put(index, outcome.content);
      inputs.push(`${file.path}\0${blob}\0${JSON.stringify(file.attributes)}`);
      const isClean =
        file.index === undefined ||
        file.attributes.filter !== undefined ||
        isIndexContent(outcome.content, file.index.blob, blob, listing.objectFormat);
      if (!isClean || listing.staged.has(file.path)) dirty++;
    }
    onStep(index + 1);
  }
  const corpusId = hashOf({ rules: rulesVersion, ...settings, inputs: inputs.sort() }).slice(0, 16);
  return { candidates, rejects, dirty, corpusId };
}

type FileOutcome = { readonly kind: "content"; readonly content: Buffer } | { readonly kind: "reject"; readonly record: RejectRecord };

function readFile(file: ListedFile, rules: PathRules, reader: ContentReader): FileOutcome {
  const hidden = hideCredentials(file.path);
  if (hidden !== undefined) {
    return {
      kind: "reject",
      record: {
        path: hidden,
        rule: "secret-in-path",
        bytes: reader.size(file),
        reason: "The path itself holds a credential; rename the file and revoke the credential.",
      },
    };
  }
  const isLink = file.index?.mode === "120000";
  const byPath = isLink ? { rule: "symlink", reason: "Symbolic links are not followed." } : rules.reject(file);
  if (byPath !== undefined) return { kind: "reject", record: { path: file.path, ...byPath, bytes: reader.size(file) } };
  const read = reader.read(file);
  if (read.kind === "content") return read;
  return { kind: "reject", record: { path: file.path, rule: read.rule, bytes: read.bytes, reason: read.reason } };
}
