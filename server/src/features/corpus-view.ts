import type { CorpusView } from "@midtrain/protocol/language-server";
import { readClusters, readDocuments, readManifest, readRedactions, readRejects } from "../corpus";

/** Everything that the corpus tree shows. */
export async function corpusView(directory: string): Promise<CorpusView> {
  const documents: CorpusView["documents"][number][] = [];
  for await (const { path, class: documentClass, language, split, text } of readDocuments(directory)) {
    documents.push({ path, class: documentClass, language, split, bytes: Buffer.byteLength(text) });
  }
  const [manifest, rejects, redactions, clusters] = await Promise.all([
    readManifest(directory),
    readRejects(directory),
    readRedactions(directory),
    readClusters(directory),
  ]);
  documents.sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    directory,
    manifest,
    documents,
    rejects,
    redactions: redactions.map(({ path, line, rule }) => ({ path, line, rule })),
    clusters,
  };
}
