import type { CorpusView } from "@midtrain/protocol/language-server";
import type { CorpusIndex } from "./corpus-index";

/** Records of each list that travel with the view; beyond it a list is asked for by page. */
const shownAtOnce = 500;

/** The figures of a corpus and the head of each of its lists. */
export function corpusView({ directory, manifest, documents, rejects, redactions, clusters }: CorpusIndex): CorpusView {
  return {
    directory,
    manifest,
    documents: documents
      .slice(0, shownAtOnce)
      .map(({ path, class: documentClass, language, split, bytes }) => ({ path, class: documentClass, language, split, bytes })),
    rejects: rejects.slice(0, shownAtOnce),
    redactions: redactions.slice(0, shownAtOnce).map(({ path, line, rule }) => ({ path, line, rule })),
    clusters: clusters.slice(0, shownAtOnce).map(({ survivor, removed }) => ({ survivor, removed: removed.slice(0, shownAtOnce) })),
  };
}
