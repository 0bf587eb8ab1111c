import type { FileMarks } from "./model-tokens";
import type { PackingDocument, PackingTokenizer } from "./packing-types";
import { headerLine, renderDocument } from "./render-document";

/** What stands before the body of every fragment, masked from the loss. */
export type HeaderStyle =
  | { readonly kind: "path" }
  | { readonly kind: "model"; readonly marks: FileMarks; /** Of documents that do not name their own. */ readonly repository: string };

/** A longer name says no more, and would be repeated with every fragment. */
const longestRepositoryName = 80;

/**
 * Ids of a document's header, at most half a row: a path that is longer keeps its end, because the file name says most, and the model's own
 * marks stay whole; of a row too short for both, the repository is left out.
 */
export function encodeHeader(document: PackingDocument, style: HeaderStyle, tokenizer: PackingTokenizer, rowLength: number): Int32Array {
  const most = Math.floor(rowLength / 2);
  if (style.kind === "path") return endOf(tokenizer.encode(renderDocument(document).header, { special: "ordinary" }), most);
  const { file } = style.marks;
  const repository = repositoryMarks(document, style, tokenizer);
  const marks = repository.length < most / 2 ? [...repository, file.id] : [file.id];
  const path = tokenizer.encode(`${headerLine(document.path)}\n`, { special: "ordinary" });
  return Int32Array.from([...marks, ...endOf(path, most - marks.length)]);
}

/** Models that write their marks as `<|…|>` end the repository's name with a line feed, the others with the next mark. */
function repositoryMarks(
  document: PackingDocument,
  style: HeaderStyle & { readonly kind: "model" },
  tokenizer: PackingTokenizer,
): readonly number[] {
  const { repository } = style.marks;
  if (repository === undefined) return [];
  const name = headerLine(document.repository ?? style.repository).slice(0, longestRepositoryName);
  return [repository.id, ...tokenizer.encode(repository.content.startsWith("<|") ? `${name}\n` : name, { special: "ordinary" })];
}

function endOf(ids: Int32Array, most: number): Int32Array {
  return ids.subarray(Math.max(0, ids.length - most));
}
