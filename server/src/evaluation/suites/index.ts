export { generateFormatDocuments, type FormatDocumentOptions } from "./formats/format-documents";
export { formatKinds, type FormatKind } from "./formats/format-types";
export { generateRefusalDocuments, type RefusalDocumentOptions } from "./refusals/refusal-documents";
export type { ChoiceItem, RefusalItem, Suite, SuiteItem, TextItem } from "./suite-types";
export { hashSuites, loadSuites } from "./suites";
