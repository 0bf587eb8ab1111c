export { domainSuites, type DomainDocument, type DomainSuitesOptions } from "./domain-suites";
export {
  accuracyEstimate,
  margin,
  pairedEstimate,
  singleEstimate,
  type PairedEstimate,
  type ScoreKind,
  type SingleEstimate,
} from "./estimates";
export { scoreSuite, scoreSuites, type ScoreOptions, type ScoringTokenizer } from "./score-suite";
export { studentCdf, studentQuantile } from "./student-t";
export { bucketFigures, chanceLevel, fewestItems, suiteFigures, verdictOf, type SuiteAbout, type SuiteFiguresInput } from "./suite-figures";
export { suiteHash } from "./suite-hash";
export type { ChoiceItem, RefusalItem, Suite, SuiteItem, TextItem } from "./suites/suite-types";
export { evaluationTexts } from "./evaluation-texts";
export { loadSuites } from "./suites/suites";
export { generateFormatDocuments, type FormatDocumentOptions } from "./suites/formats/format-documents";
export { formatKinds, type FormatKind } from "./suites/formats/format-types";
export { generateRefusalDocuments, type RefusalDocumentOptions } from "./suites/refusals/refusal-documents";
