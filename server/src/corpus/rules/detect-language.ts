import { linguistTables } from "../../../../.cache/linguist-tables.mjs";
import { languageByName, languageByPath, languageByShebang, languageKind, unknownLanguage } from "./languages";

export interface DetectedLanguage {
  readonly id: string;
  /** False when neither name nor content says what the file is. */
  readonly isKnown: boolean;
}

/** Heuristics look at this much of a file, in UTF-16 units; Linguist takes the first 50 kB. */
const headLength = 8192;

/** Extensions whose heuristics only tell dialects that are one language here, or guess from too little. */
const dialects = new Set("json yaml yml html sql txt properties md asm s i m4 ts eslintrc releaserc as".split(" "));

interface Heuristic {
  readonly language: string;
  readonly all: readonly RegExp[];
  readonly none: readonly RegExp[];
}

const sources = new Map(
  linguistTables.heuristics.flatMap(([extensions, rules]) => extensions.map((extension) => [extension, rules] as const)),
);
const compiled = new Map<string, readonly Heuristic[]>();

function heuristicsOf(extension: string): readonly Heuristic[] {
  const ready = compiled.get(extension);
  if (ready !== undefined) return ready;
  const rules = dialects.has(extension) ? [] : (sources.get(extension) ?? []);
  const heuristics = rules.flatMap(([name, all, none]): Heuristic[] => {
    const language = languageByName(name);
    if (language === undefined) return [];
    return [{ language, all: all.map((source) => new RegExp(source, "m")), none: none.map((source) => new RegExp(source, "m")) }];
  });
  compiled.set(extension, heuristics);
  return heuristics;
}

const block = /\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/|\/\/[^\n]*/g;
/** Words without which a header is plain C. */
const beyondC =
  /\b(?:class|namespace|template|constexpr|catch|try)\b|std::|\b(?:public|private|protected):|@(?:interface|class|protocol|end)|#[ \t]*import\b|__cplusplus >|__has_cpp|<(?:string|vector|map|list|array|queue|stack|cstd\w+|memory|[io]*stream)>/;

/** A comment may hold any word; a header of C++ or Objective-C shows it in code. */
function header(head: string): string {
  if (!beyondC.test(head)) return "c";
  const code = head.replace(block, "");
  return heuristicsOf("h").find((rule) => rule.all.every((pattern) => pattern.test(code)))?.language ?? "c";
}

function includeFile(head: string): string | undefined {
  if (/^[ \t]*#[ \t]*(?:include|define|ifn?def|if|endif|pragma)\b|^[ \t]*(?:static|extern|const|struct|typedef|enum)\b/m.test(head))
    return "c";
  return byHeuristics("inc", head);
}

/** What Linguist leaves to its classifier, or gets wrong. */
const own: Readonly<Record<string, (head: string) => string | undefined>> = {
  h: header,
  inc: includeFile,
  ts: (head) => (/^\s*(?:<\?xml|<!DOCTYPE TS|<TS\b)/.test(head) ? "xml" : "typescript"),
  m: (head) => byHeuristics("m", head) ?? (/^[ \t]*function\b/m.test(head) ? languageByName("matlab") : undefined),
};
for (const section of "123456789") {
  Object.assign(own, { [section]: (head: string) => (/^[.'][ \t]*(?:[A-Za-z]{1,2}(?:\s|$)|\\")/m.test(head) ? "roff" : unknownLanguage) });
}

function byHeuristics(extension: string, head: string): string | undefined {
  return heuristicsOf(extension).find(
    (rule) => rule.all.every((pattern) => pattern.test(head)) && !rule.none.some((pattern) => pattern.test(head)),
  )?.language;
}

const vimModeline = /(?:^|[ \t])(?:vim?|ex):[^\n]*?\b(?:ft|filetype|syntax)=([\w+#-]+)/m;
const emacsModeline = /-\*-[ \t]*(?:[^\n]{0,100}?\bmode:[ \t]*)?([\w+#-]+)[ \t]*(?:;[^\n]{0,200})?-\*-/i;

/** What an editor was told in the first or the last lines. */
function byModeline(text: string): string | undefined {
  const head = text.slice(0, 512);
  const tail = text.length > 512 ? text.slice(-512) : "";
  const emacs = head.includes("-*-") ? emacsModeline.exec(head)?.[1] : undefined;
  const vim = /(?:vim?|ex):/.test(head) || /(?:vim?|ex):/.test(tail) ? (vimModeline.exec(head) ?? vimModeline.exec(tail))?.[1] : undefined;
  const name = emacs ?? vim;
  const language = name === undefined || name === "c" ? undefined : languageByName(name);
  return language === unknownLanguage ? undefined : language;
}

/**
 * Language by name, then content: modeline, shebang, and for extensions that several languages share, Linguist's heuristics.
 * @param text the decoded file; its first 8,192 units and last 512 are looked at.
 */
export function detectLanguage(path: string, text: string): DetectedLanguage {
  const { language: named, extension } = languageByPath(path);
  const isShared = Object.hasOwn(own, extension) || sources.has(extension);
  if (named !== undefined && !isShared) return { id: named.id, isKnown: true };
  const told = byShebang(text) ?? (named === undefined || languageKind(named.id) === "code" ? byModeline(text) : undefined);
  if (told !== undefined) return { id: told, isKnown: true };
  if (!isShared) {
    if (named === undefined && looksLikeSettings(text)) return { id: "ini", isKnown: true };
    return { id: named?.id ?? unknownLanguage, isKnown: named !== undefined };
  }
  const head = text.length > headLength ? text.slice(0, headLength) : text;
  const found = Object.hasOwn(own, extension) ? own[extension]!(head) : byHeuristics(extension, head);
  return { id: found ?? named?.id ?? unknownLanguage, isKnown: found !== undefined || named !== undefined };
}

/** Files without a telling name whose lines are settings: `CONFIG_X=y`, `[section]`, comments. */
function looksLikeSettings(text: string): boolean {
  const lines = text
    .slice(0, 4096)
    .split("\n", 60)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const settings = lines.filter((line) => /^[\w.-]+[ \t]*=[^=]/.test(line)).length;
  const others = lines.filter((line) => /^[#;]|^\[[^\]]+\]$/.test(line)).length;
  return settings >= 3 && settings * 3 >= lines.length && (settings + others) * 10 >= lines.length * 9;
}

function byShebang(text: string): string | undefined {
  if (!text.startsWith("#!")) return undefined;
  const end = text.indexOf("\n");
  return languageByShebang(text.slice(0, Math.min(end < 0 ? text.length : end, 256)))?.id;
}
