import type { DocumentClass } from "@midtrain/protocol/corpus";
import type { AnalysisContext } from "./rules/analysis-context";
import { classOf } from "./rules/classes";
import { hasOffMarker } from "./rules/comment-marks";
import { rejectByBytes, rejectByText } from "./rules/content-rules";
import { decode, lineEndsOf, type DecodedText } from "./rules/decode";
import { detectLanguage, type DetectedLanguage } from "./rules/detect-language";
import { languageFromAttribute } from "./rules/languages";
import { judgeLicence, licenceOf } from "./rules/licence";
import { qualitySignals, type QualitySignal } from "./rules/quality-signals";
import { measureText, type TextFigures } from "./rules/text-figures";
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
  /** Where they are not plain LF; the text keeps them. */
  readonly lineEnds?: "crlf" | "cr" | "mixed";
  /** SPDX expression of the licence that the file itself declares. */
  readonly licence?: string;
  /** Published quality signals that the text shows; for people to see, nothing acts on them. */
  readonly signals?: readonly QualitySignal[];
  /** True when `corpus.licences.warn` names the licence: the file is kept and a note says so. */
  readonly hasLicenceWarning?: boolean;
}

type Rejected = { readonly kind: "reject" } & Reject;

/** What is judged of a text before it is scanned: all but secrets and header. */
interface FileJudgement {
  readonly kind: "text";
  readonly class: DocumentClass;
  readonly language: string;
  readonly decoded: DecodedText;
  readonly figures: TextFigures;
  readonly licence: string | undefined;
  readonly hasLicenceWarning: boolean;
}

function languageOfFile(file: ListedFile, text: string, chosen: string | undefined): DetectedLanguage {
  const attribute = file.attributes.language;
  const named = chosen ?? (attribute === undefined ? undefined : languageFromAttribute(attribute));
  return named === undefined ? detectLanguage(file.path, text) : { id: named, isKnown: true };
}

/** Class, language, licence of a file, or why it is not wanted. Pure. */
function judgeFile(file: ListedFile, content: Buffer, context: AnalysisContext): FileJudgement | Rejected {
  const { path, attributes } = file;
  const unreadable = rejectByBytes(content, attributes);
  if (unreadable !== undefined && !context.rulesOff.has(unreadable.rule)) return { kind: "reject", ...unreadable };
  const decoded = decode(content, attributes.encoding);
  if (decoded.kind === "reject") return decoded;
  const { text } = decoded;
  const chosen = context.reclassify(path);
  const { id: language, isKnown } = languageOfFile(file, text, chosen.language);
  const figures = measureText(text);
  if (figures.visible === 0) return { kind: "reject", rule: "empty", reason: "The file holds only white space." };
  if (hasOffMarker(text, language))
    return { kind: "reject", rule: "marker-midtrain", reason: "A comment in the file says midtrain: off, do not train on it." };
  const unwanted = context.paths.isForced(path) ? undefined : rejectByText({ path, text, language, figures, attributes }, context.rulesOff);
  if (unwanted !== undefined) return { kind: "reject", ...unwanted };
  const licence = licenceOf(text, language);
  const verdict = licence === undefined ? "pass" : judgeLicence(licence, context.licences);
  if (verdict === "reject" && !context.rulesOff.has("licence"))
    return { kind: "reject", rule: "licence", reason: `The file is under ${licence}, which corpus.licences.reject names.` };
  const documented = attributes.documentation === "unspecified" ? undefined : attributes.documentation === "set";
  return {
    kind: "text",
    class: chosen.class ?? file.class ?? classOf(path, language, documented, isKnown),
    language,
    decoded,
    figures,
    licence,
    hasLicenceWarning: verdict === "warn",
  };
}

/** Decides from its content alone whether a file stays, and finds what has to be cut or replaced in it. Pure. */
export function analyseFile(file: ListedFile, content: Buffer, context: AnalysisContext): FileAnalysis | Rejected {
  const judged = judgeFile(file, content, context);
  if (judged.kind === "reject") return judged;
  const { decoded, language, licence, hasLicenceWarning } = judged;
  const lineEnds = lineEndsOf(decoded.text);
  return {
    kind: "text",
    class: judged.class,
    language,
    encoding: decoded.encoding,
    findings: findSensitive(decoded.text, language),
    header: analyseHeader(decoded.text, language),
    decoded,
    // Shown where somebody asks; a harvest does not.
    get signals() {
      return qualitySignals(decoded.text, language, judged.class, judged.figures);
    },
    ...(lineEnds === "lf" ? {} : { lineEnds }),
    ...(licence === undefined ? {} : { licence }),
    ...(hasLicenceWarning ? { hasLicenceWarning } : {}),
  };
}
