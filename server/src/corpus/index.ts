/** Door of the corpus room: repository -> clean, secret-free, deduplicated, split corpus (§3.1). */
export { resolveCorpusConfig, rulesVersion, type CorpusConfig, type ResolvedCorpusConfig } from "./corpus-config";
export { harvest, type Harvest, type HarvestOptions } from "./harvest";
export { latestCorpus, readClusters, readDocuments, readManifest, readRedactions, readRejects } from "./written/corpus-files";
export { checkCorpus, type CorpusCheck } from "./split/check-corpus";
export { commentSyntax, languageKind, languageOf, type LanguageKind } from "./rules/languages";
export { classOf } from "./rules/classes";
export { listHistory } from "./listing/list-files";
export { blobId } from "./listing/read-content";
export { GitMissing, runGit } from "./listing/git";
export { decode } from "./rules/decode";
export { residualRisk } from "./sensitive/residual-risk";
export { allowanceHash } from "./sensitive/allow-list";
export { RunMarks } from "./similarity/run-marks";
