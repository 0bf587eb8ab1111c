import { MidtrainError } from "@midtrain/protocol/errors";
import { applySpans } from "../clean-file";
import type { ResolvedCorpusConfig } from "../corpus-config";
import type { ListedFile } from "../listing/list-git";
import { blobId, ContentReader } from "../listing/read-content";
import { decode } from "../rules/decode";
import type { LinedSpan } from "./file-record";

/** Texts of files that an earlier harvest cleaned: read, decoded and cut by its spans again when one is asked for. */
export class TextAgain {
  readonly #reader: ContentReader;
  readonly #objectFormat: "sha1" | "sha256";

  constructor(directory: string, config: ResolvedCorpusConfig, objectFormat: "sha1" | "sha256") {
    this.#reader = new ContentReader(directory, config.maxFileBytes);
    this.#objectFormat = objectFormat;
  }

  /** @throws MidtrainError (input) when the file is no longer what git said a moment ago. */
  text(file: ListedFile, blob: string, spans: readonly LinedSpan[]): string {
    const read = this.#reader.read(file);
    const decoded =
      read.kind === "content" && blobId(read.content, this.#objectFormat) === blob
        ? decode(read.content, file.attributes.encoding)
        : undefined;
    if (decoded?.kind === "text") return applySpans(decoded.text, spans);
    throw new MidtrainError({
      reason: "input",
      message: "A file changed while the repository was being harvested.",
      where: file.path,
      next: "Harvest again; nothing was written.",
    });
  }
}
