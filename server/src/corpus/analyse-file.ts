import type { DocumentClass } from "@midtrain/protocol/corpus";
import type { AnalysisContext } from "./rules/analysis-context";
import { classOf } from "./rules/classes";
import { rejectByBytes, rejectByText } from "./rules/content-rules";
import { decode, type DecodedText } from "./rules/decode";
import { isKnownLanguage, languageFromAttribute, languageOf } from "./rules/languages";
import { analyseHeader, type HeaderAnalysis } from "./headers/licence-header";
import type { ListedFile } from "./listing/list-git";
import type { Reject } from "./rules/path-rules";
import { findSensitive, type Finding } from "./sensitive/sensitive-scan";

/** What one look at a file found: enough to clean it later together with what the other files showed. */
export interface FileAnalysis {
  readonly kind: "text";
  readonly class: DocumentClass;
  readonly language: string;
  readonly encoding: string;
  readonly findings: readonly Finding[];
  readonly header: HeaderAnalysis;
  readonly decoded: DecodedText;
}

function firstLineOf(text: string): string {
  const end = text.indexOf("\n");
  return text.slice(0, Math.min(end < 0 ? text.length : end, 256));
}

/** Decides from its content alone whether a file stays, and finds what has to be cut or replaced in it. Pure. */
export function analyseFile(
  file: ListedFile,
  content: Buffer,
  context: AnalysisContext,
): FileAnalysis | ({ readonly kind: "reject" } & Reject) {
  const rejected = rejectByBytes(content, file.attributes);
  if (rejected !== undefined) return { kind: "reject", ...rejected };
  const decoded = decode(content, file.attributes.encoding);
  if (decoded.kind === "reject") return decoded;
  const { text } = decoded;
  const firstLine = firstLineOf(text);
  const named = file.attributes.language === undefined ? undefined : languageFromAttribute(file.attributes.language);
  const language = named ?? languageOf(file.path, firstLine);
  const unwanted = context.paths.isForced(file.path) && text.trim() !== "" ? undefined : rejectByText(text, language, file.attributes);
  if (unwanted !== undefined) return { kind: "reject", ...unwanted };
  const documentation = file.attributes.documentation;
  return {
    kind: "text",
    class: classOf(
      file.path,
      language,
      documentation === "unspecified" ? undefined : documentation === "set",
      isKnownLanguage(file.path, firstLine),
    ),
    language,
    encoding: decoded.encoding,
    findings: findSensitive(text, language),
    header: analyseHeader(text, language),
    decoded,
  };
}
