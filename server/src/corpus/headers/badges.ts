import type { DocumentLine } from "./document-lines";

/** Images that show a state that some service keeps: versions, builds, coverage, downloads. */
const badgeUrl =
  /shields\.io|badge|travis-ci\.(?:org|com)|circleci\.com\/.*(?:svg|png)|codecov\.io\/.*(?:svg|png)|coveralls\.io\/repos|appveyor\.com\/api\/projects\/status|\/workflows\/[^)\s"]*\.svg|codeclimate\.com\/.*(?:svg|png)|david-dm\.org|nodei\.co|poser\.pugx\.org|pypip\.in|goreportcard\.com|godoc\.org\/.*svg|pkg\.go\.dev\/.*svg|saucelabs\.com\/(?:browser-matrix|buildstatus)|isitmaintained\.com|snyk\.io\/.*svg|deps\.rs\/.*svg|dl\.circleci\.com\/status|drone\.io|\/status\.(?:svg|png)|build-?status|\/pipeline\.svg|\/coverage\.svg|herokucdn\.com\/deploy|results\.pre-commit\.ci|ci\.[^/\s]+\/.*\.svg|api\.cirrus-ci|scrutinizer-ci\.com|insight\.sensiolabs|packagephobia|bundlephobia|greenkeeper|gitpod\.io\/button|open-vsx\.org\/.*svg|repology\.org/i;

function isBadgeUrl(url: string): boolean {
  return badgeUrl.test(url);
}

/** Link and substitution definitions of a document that point at badges, by their lower-case name. */
function badgeDefinitions(lines: readonly DocumentLine[], language: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [index, { kind, text }] of lines.entries()) {
    if (kind !== "text" && kind !== "table") continue;
    const match =
      language === "restructuredtext" ? /^\.\. \|([^|]+)\| image::\s*(\S+)/.exec(text) : /^\[([^\]]+)\]:\s*<?(\S+?)>?(?:\s|$)/.exec(text);
    if (match !== null && isBadgeUrl(match[2]!)) found.set(match[1]!.toLowerCase(), index);
  }
  return found;
}

const separators = /^(?:[\s|·•\-–—,/\\&]|&nbsp;|<br ?\/?>|&bull;|&middot;)*$/i;
const inlineImage = /\[?!\[[^\]]*\](?:\(\s*<?([^)\s>]+)>?[^)]*\)|\[([^\]]*)\])(?:\](?:\([^)]*\)|\[[^\]]*\]))?/g;
const markupImage = /<img\b[^>]*?\bsrc\s*=\s*["']?([^"'\s>]+)[^>]*>/gi;

interface Row {
  readonly badges: number;
  readonly others: number;
  readonly names: readonly string[];
}

/** Counts the badges of a line, and whether there is anything else in it. */
function rowOf(text: string, language: string, definitions: ReadonlyMap<string, number>): Row {
  let badges = 0;
  let others = 0;
  const names: string[] = [];
  const count = (url: string | undefined, name: string | undefined): string => {
    const isBadge = url !== undefined ? isBadgeUrl(url) : name !== undefined && definitions.has(name.toLowerCase());
    if (isBadge) badges++;
    else others++;
    if (isBadge && name !== undefined) names.push(name.toLowerCase());
    return "";
  };
  let rest = text;
  if (language === "restructuredtext") rest = rest.replace(/\|([^|\s][^|]*)\|_{0,2}/g, (_, name: string) => count(undefined, name));
  else if (language === "asciidoc")
    rest = rest.replace(/(?:(?:link:|https?:)\S+?\[)?image::?([^\s[]+)\[[^\]]*\]\]?/g, (_, url: string) => count(url, undefined));
  else {
    rest = rest.replace(inlineImage, (whole, url: string | undefined, name: string | undefined) =>
      count(url, url === undefined ? (name === "" ? /!\[([^\]]*)\]/.exec(whole)?.[1] : name) : undefined),
    );
    rest = rest
      .replace(markupImage, (_, url: string) => count(url, undefined))
      .replace(/<\/?(?:a|p|div|center|span|br|picture|source|h\d)\b[^>]*>/gi, "");
  }
  if (!separators.test(rest)) others++;
  return { badges, others, names };
}

/** Indices of lines that hold nothing but badges, and of the definitions that only they use. */
export function badgeLines(lines: readonly DocumentLine[], language: string): readonly number[] {
  const definitions = badgeDefinitions(lines, language);
  const found = new Set<number>();
  const used = new Set<string>();
  for (const [index, line] of lines.entries()) {
    if (line.kind !== "text" && line.kind !== "markup") continue;
    const image = language === "restructuredtext" ? /^\.\. image::\s*(\S+)/.exec(line.text) : null;
    if (image !== null) {
      if (isBadgeUrl(image[1]!)) for (const option of [index, ...optionsBelow(lines, index)]) found.add(option);
      continue;
    }
    if (!/image:|!\[|<img|^\|/.test(line.text)) continue;
    const row = rowOf(line.text, language, definitions);
    if (row.badges === 0 || row.others > 0 || !isBalanced(line.text)) continue;
    found.add(index);
    for (const name of row.names) used.add(name);
  }
  addEmptiedMarkup(lines, found);
  for (const name of used) {
    const definition = definitions.get(name)!;
    if (isReferenced(lines, name, definition, found)) continue;
    found.add(definition);
    if (language === "restructuredtext") for (const option of optionsBelow(lines, definition)) found.add(option);
  }
  return [...found];
}

/** A definition that a line which stays needs has to stay too. */
function isReferenced(lines: readonly DocumentLine[], name: string, definition: number, gone: ReadonlySet<number>): boolean {
  return lines.some(({ text }, index) => {
    if (index === definition || gone.has(index)) return false;
    const lower = text.toLowerCase();
    return lower.includes(`[${name}]`) || lower.includes(`|${name}|`);
  });
}

/** A line whose tags open or close what other lines hold stays. */
function isBalanced(text: string): boolean {
  for (const tag of ["a", "p", "div", "center", "span", "picture", "h1", "h2", "h3"]) {
    const opened = text.match(new RegExp(`<${tag}\\b`, "gi"))?.length ?? 0;
    const closed = text.match(new RegExp(`</${tag}>`, "gi"))?.length ?? 0;
    if (opened !== closed) return false;
  }
  return !/^\|.*\|.*\|$/.test(text) || /^\|[^|]+\|(?:\s*\|[^|]+\|)*$/.test(text);
}

/** `<p align="center">` and its end go when nothing but badges stood between them. */
function addEmptiedMarkup(lines: readonly DocumentLine[], found: Set<number>): void {
  for (let index = 0; index < lines.length; index++) {
    const tag = /^<(p|div|center)\b[^>]*>$/i.exec(lines[index]!.text)?.[1];
    if (tag === undefined) continue;
    let next = index + 1;
    while (next < lines.length && (found.has(next) || lines[next]!.kind === "blank" || /^(?:&nbsp;|<br ?\/?>)$/i.test(lines[next]!.text)))
      next++;
    if (next > index + 1 && found.has(index + 1) && lines[next]?.text.toLowerCase() === `</${tag.toLowerCase()}>`)
      for (let inner = index; inner <= next; inner++) found.add(inner);
  }
}

function optionsBelow(lines: readonly DocumentLine[], index: number): number[] {
  const options: number[] = [];
  for (let next = index + 1; next < lines.length && /^:[a-z-]+:/.test(lines[next]!.text); next++) options.push(next);
  return options;
}
