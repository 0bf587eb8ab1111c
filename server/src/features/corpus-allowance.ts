/** *Allow this finding*: a value named by its salted hash. The value is read from the file, hashed, and forgotten. */
import { readFileSync } from "node:fs";
import type { FindingPlace } from "@midtrain/protocol/corpus-view";
import { MidtrainError } from "@midtrain/protocol/errors";
import { allowanceHash, blobId, decode, runGit } from "../corpus";
import { fileOf } from "./corpus-explain";
import { recordsOf, type CorpusIndex } from "./corpus-index";
import type { JobPlace } from "./engine-jobs";

function changed(path: string): MidtrainError {
  return new MidtrainError({
    reason: "input",
    message: "The file changed since the harvest, so the finding may be elsewhere now.",
    where: path,
    next: "Harvest again, then allow the finding.",
  });
}

/**
 * The salted hash of the value behind a finding of the corpus.
 * @throws MidtrainError (input) when the file is not the one that was harvested, or the corpus knows no such finding.
 */
export async function hashOfFinding(index: CorpusIndex, place: JobPlace, finding: FindingPlace, salt: string): Promise<string> {
  const { path, start, end } = finding;
  const [document] = recordsOf(index.documents, path);
  const isKnown = recordsOf(index.redactions, path).some((known) => known.start === start && known.end === end);
  if (document === undefined || !isKnown) throw changed(path);
  const content = contentOf(fileOf(place, path), path);
  if (blobId(content, document.blob.length === 64 ? "sha256" : "sha1") !== document.blob) throw changed(path);
  const decoded = decode(content, await declaredEncoding(place.directory, path));
  if (decoded.kind === "reject") throw changed(path);
  return allowanceHash(salt, decoded.text.slice(start, end));
}

function contentOf(file: string, path: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw changed(path);
  }
}

/** The working-tree-encoding attribute, as the harvest read it. */
async function declaredEncoding(directory: string, path: string): Promise<string | undefined> {
  const output = await runGit(directory, ["check-attr", "-z", "working-tree-encoding", "--", path]).catch(() => undefined);
  const value = output?.code === 0 ? output.stdout.toString("utf8").split("\0")[2] : undefined;
  return value === undefined || ["set", "unset", "unspecified", ""].includes(value) ? undefined : value;
}
