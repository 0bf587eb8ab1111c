/** Where replay comes from: text that the base generated itself, else the workspace's installed dependencies. */
import type { PackingDocument } from "../mixture";
import { baseReplayDocuments, dependencyDocuments } from "../mixture";
import type { BaseModel } from "./base-model";

export interface ReplayText {
  readonly name: string;
  readonly documents: readonly PackingDocument[];
  readonly notes: readonly string[];
}

/** Enough for the replay share of a first run several times over; more would only be packed, not read. */
const dependencyBytes = 8_000_000;

export async function replayDocuments(
  options: { readonly directory: string; readonly signal?: AbortSignal },
  base: BaseModel,
): Promise<ReplayText> {
  const own = await baseReplayDocuments(base.directory);
  if (own !== undefined && own.length > 0) return { name: "replay", documents: own, notes: [] };
  const dependencies = await dependencyDocuments(options.directory, {
    limitBytes: dependencyBytes,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  if (dependencies.length > 0) {
    return {
      name: "dependencies",
      documents: dependencies,
      notes: ["The base brings no replay text of its own; installed dependencies of the workspace are replayed."],
    };
  }
  return {
    name: "replay",
    documents: [],
    notes: [
      "There is no replay source: the base brings no replay text and the workspace has no installed dependencies. Expect the model to forget; the gates will judge.",
    ],
  };
}
