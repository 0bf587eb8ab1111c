/** What may stand before a header and stays: lines that are read by tools, and declarations that have to come first. */
const anyOpeners: readonly RegExp[] = [
  /<\?xml(?:-[\w-]+)?\s[^>]*\?>/y,
  /<!DOCTYPE[^>[]*(?:\[[^\]]*\]\s*)?>/iy,
  /<\?php\b(?:[ \t]+declare[^\n]*)?/iy,
  /<\?(?:hh\b[^\n]*|=?(?=\s))/y,
  /@charset[^\n]*/iy,
  /#![^\n]*/y,
];

const cFamily: readonly RegExp[] = [
  /#[ \t]*ifndef[ \t]+(\w+)[^\n]*\r?\n[ \t]*#[ \t]*define[ \t]+\1[ \t]*(?:1[ \t]*)?\r?\n/y,
  /#[ \t]*pragma[ \t]+once[^\n]*/y,
];
const directives: readonly RegExp[] = [/(['"])use (?:strict|client|server)\1;?/y];
const packageLine: readonly RegExp[] = [/package[ \t]+[\w.]+[ \t]*;?(?=[ \t]*\r?\n)/y];
const frontMatter: readonly RegExp[] = [
  /---[ \t]*\r?\n(?:[^\n]*\n){0,200}?---[ \t]*(?=\r?\n|$)/y,
  /\+\+\+[ \t]*\r?\n(?:[^\n]*\n){0,200}?\+\+\+[ \t]*(?=\r?\n|$)/y,
];

/** By language. Markdown's front-matter is data about the document and stays. */
const openersOf: Readonly<Record<string, readonly RegExp[]>> = {
  c: cFamily,
  cpp: cFamily,
  "cuda-cpp": cFamily,
  "objective-c": cFamily,
  "objective-cpp": cFamily,
  assembly: cFamily,
  javascript: directives,
  javascriptreact: directives,
  typescript: directives,
  typescriptreact: directives,
  java: packageLine,
  kotlin: packageLine,
  groovy: packageLine,
  php: [/declare[ \t]*\([^)\n]*\);/y],
  csharp: [/#region\b[^\n]*/y, /#endregion\b[^\n]*/y],
  bat: [/@?echo[ \t]+off[^\n]*/iy],
  yaml: [/%YAML[^\n]*/y, /---[ \t]*(?=\r?\n|$)/y],
  haskell: [/\{-#[\s\S]*?#-\}/y],
  pascal: [/\{\$[^}]*\}/y],
  markdown: frontMatter,
  texinfo: [/\\input[ \t][^\n]*/y],
  // A letter behind the quote tells which preprocessors the page needs.
  roff: [/'\\"[ \t][a-z]+[ \t]*(?=\r?\n|$)/y],
};
const noOpeners: readonly RegExp[] = [];

function skipBlank(text: string, at: number): number {
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9 && code !== 12 && code !== 0xfeff) return at;
    at++;
  }
}

function matchAt(openers: readonly RegExp[], text: string, at: number): number {
  for (const opener of openers) {
    opener.lastIndex = at;
    const match = opener.exec(text);
    if (match !== null && match[0] !== "") return match[0].length;
  }
  return 0;
}

/** Where the first comment may stand: behind white space and openers from `at` on. */
export function skipOpeners(text: string, at: number, language: string): number {
  const own = Object.hasOwn(openersOf, language) ? openersOf[language]! : noOpeners;
  for (at = skipBlank(text, at); ;) {
    const first = text.charCodeAt(at);
    // `<`, `@` and `#!` open what any text may begin with.
    const general = first === 60 || first === 64 || (first === 35 && at === 0) ? matchAt(anyOpeners, text, at) : 0;
    const length = general > 0 ? general : own.length > 0 ? matchAt(own, text, at) : 0;
    if (length === 0) return at;
    at = skipBlank(text, at + length);
  }
}
