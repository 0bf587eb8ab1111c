/** Which files of a package are worth learning from. Pure. */
export type TextGroup = "js" | "ts" | "python" | "c" | "rust" | "java" | "go" | "prose" | "config";

const groups: Readonly<Record<string, readonly [TextGroup, string]>> = {
  js: ["js", "javascript"],
  mjs: ["js", "javascript"],
  cjs: ["js", "javascript"],
  jsx: ["js", "javascriptreact"],
  svelte: ["js", "svelte"],
  ts: ["ts", "typescript"],
  mts: ["ts", "typescript"],
  tsx: ["ts", "typescriptreact"],
  py: ["python", "python"],
  pyx: ["python", "python"],
  c: ["c", "c"],
  h: ["c", "c"],
  cc: ["c", "cpp"],
  cpp: ["c", "cpp"],
  hpp: ["c", "cpp"],
  rs: ["rust", "rust"],
  java: ["java", "java"],
  kt: ["java", "kotlin"],
  go: ["go", "go"],
  md: ["prose", "markdown"],
  rst: ["prose", "restructuredtext"],
  txt: ["prose", "plaintext"],
  json: ["config", "json"],
  yml: ["config", "yaml"],
  yaml: ["config", "yaml"],
  toml: ["config", "toml"],
  css: ["config", "css"],
  scss: ["config", "scss"],
  html: ["config", "html"],
  sh: ["config", "shellscript"],
};

const skippedFolders =
  /(^|\/)(node_modules|_vendor|third_party|ThirdParty|thirdparty|dist|build|locales?|i18n|fixtures?|snapshots?|__snapshots__|__fixtures__|generated|wordlists|\.github|egg-info)\//i;
const testFiles = /(^|\/)(tests?|__tests__|testing|spec|benchmarks?)\/|[._](test|spec)\.[a-z]+$|(^|\/)test_[^/]*\.py$|-test\.[a-z]+$/i;
const skippedFiles = /\.d\.[mc]?ts$|\.min\.|package-lock|(^|\/)(LICENSE|LICENCE|NOTICE|AUTHORS|COPYING|SOURCES|requires|top_level)[^/]*$/i;
const generatedMark = /@generated|auto-?generated|do not edit|generated (by|from|with)|this file is generated/i;

export function groupOf(path: string): { readonly group: TextGroup; readonly language: string } | undefined {
  const found = groups[path.slice(path.lastIndexOf(".") + 1).toLowerCase()];
  if (found === undefined || (found[1] === "plaintext" && !/^docs?\//.test(path))) return undefined;
  return { group: found[0], language: found[1] };
}

export function isTest(path: string): boolean {
  return testFiles.test(path);
}

export function isSkippedPath(path: string): boolean {
  return skippedFolders.test(path) || skippedFiles.test(path);
}

const limits = { fewestBytes: 160, mostBytes: 60_000, mostConfigBytes: 12_000, longestLine: 1000, longestMeanLine: 100, foreign: 0.05 };

/** Decodes a file that looks hand-written; undefined for anything else. */
export function readableText(content: Buffer, group: TextGroup): string | undefined {
  if (content.length < limits.fewestBytes || content.length > (group === "config" ? limits.mostConfigBytes : limits.mostBytes))
    return undefined;
  if (content.includes(0)) return undefined;
  const text = withoutLicenceHead(
    content
      .toString("utf8")
      .replace(/^\uFEFF/, "")
      .replace(/\r\n?/g, "\n"),
  );
  if (text.length < limits.fewestBytes || text.includes("\uFFFD") || generatedMark.test(text.slice(0, 800))) return undefined;
  const lines = text.split("\n");
  if (text.length / lines.length > limits.longestMeanLine && group !== "prose") return undefined;
  if (lines.some((line) => line.length > limits.longestLine)) return undefined;
  const foreign = (text.match(/[^\x00-\x7f]/g) ?? []).length;
  return foreign > text.length * limits.foreign ? undefined : text;
}

/** Licence heads are the same everywhere: the harvest strips them from a repository, so the base does not learn them either. */
function withoutLicenceHead(text: string): string {
  const head = /^\s*(?:\/\*[\s\S]*?\*\/|(?:(?:\/\/|#(?!!))[^\n]*\n)+|\.\.[^\n]*\n(?: [^\n]*\n)*)/.exec(text)?.[0];
  if (head === undefined || !/licen[cs]e|copyright/i.test(head)) return text;
  return text.slice(head.length).replace(/^\s*\n/, "");
}
