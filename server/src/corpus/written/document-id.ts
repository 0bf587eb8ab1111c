import { sha256 } from "../../platform/hash";

/** Id of a document: where it stands and what was read there. */
export function documentId(path: string, blob: string): string {
  return sha256(JSON.stringify([path, blob])).slice(0, 16);
}
