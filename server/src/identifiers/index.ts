/** Door of the identifiers room: names of the repository and what a tokenizer makes of them (§6.1). */
export { extractTerms, readTerms, type FileTerms, type TermOccurrence } from "./extract-terms";
export { grammarKinds } from "./grammar-kinds";
export { encodingOf, fileFragmentation, termAt, termsInRange } from "./text-analysis";
export { fragmentationReport, type ReportDocument, type ReportOptions } from "./fragmentation-report";
export { scanCorpus, type CorpusScan, type ScanOptions } from "./scan/scan-corpus";
export { compareReports } from "./compare-reports";
export { assessExpansion, type ExpansionOptions } from "./expansion/assess-expansion";
export { termOccurrences, type TermPlace } from "./term-places";
export { termIgnore } from "./ignore-list";
