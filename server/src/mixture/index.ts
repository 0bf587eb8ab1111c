export { renderDocument, type RenderedDocument } from "./render-document";
export { packDocuments, type PackOptions } from "./pack-documents";
export type { PackedDocument, PackedRows, PackingDocument, PackingLedger, PackingTokenizer } from "./packing-types";
export { openTokenRows, writeTokenRows, type TokenRows, type WrittenTokenRows } from "./token-rows";
export { drawRows, rowsDrawn, type DrawnRow, type DrawRequest } from "./sampling-plan";
export { drawOfStep, segmentAt, segmentIndexAt } from "./policy-segments";
export { stepsUntilRepetitionCap } from "./repetition";
export { baseReplayDocuments, baseReplayFile } from "./base-replay";
export { dependencyDocuments, type DependencyOptions } from "./dependency-replay";
