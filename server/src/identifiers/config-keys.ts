import type { TermOccurrence } from "./extract-terms";

/**
 * Where each configuration format writes its keys: group 1 is the key. Values, comments and strings that are no keys do
 * not match. Line formats are read line by line, so that a malformed line costs only itself.
 */
const keyPatterns: ReadonlyMap<string, RegExp> = new Map(
  Object.entries({
    json: /"((?:[^"\\\n]|\\.)*)"(?=\s*:)|"(?:[^"\\\n]|\\.)*"/g,
    jsonc:
      /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|(?![\s\S]))|"((?:[^"\\\n]|\\.)*)"(?=\s*:)|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|([A-Za-z_$][\w$]*)(?=\s*:)/g,
    yaml: /^[ \t]*(?:- +)*(?:"([^"\n]+)"|'([^'\n]+)'|([^\s#'"&*!|>%@`{}[\],:-][^#\n:{}[\],]*?|-[^\s:][^\n:]*?))[ \t]*:(?=[ \t\r\n]|(?![\s\S]))/gm,
    toml: /^[ \t]*\[{1,2}[ \t]*([^\]\n]+?)[ \t]*\]{1,2}|^[ \t]*(?:"([^"\n]+)"|'([^'\n]+)'|([\w.-]+))[ \t]*=/gm,
    ini: /^[ \t]*\[[ \t]*([^\]\n]+?)[ \t]*\]|^[ \t]*([A-Za-z_][\w. -]*?)[ \t]*[=:]/gm,
    dotenv: /^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=/gm,
    xml: /<!--[\s\S]*?(?:-->|(?![\s\S]))|<([A-Za-z_][\w.-]*)/g,
  }),
);

/** Keys of a configuration file in order, dotted table names part by part; undefined for other languages. */
export function configKeys(text: string, language: string): TermOccurrence[] | undefined {
  const pattern = keyPatterns.get(language);
  return pattern && keysOf(text, pattern);
}

function keysOf(text: string, pattern: RegExp): TermOccurrence[] {
  return Array.from(text.matchAll(pattern)).flatMap((match) => {
    const key = match.slice(1).find((group) => group !== undefined);
    if (!key) return [];
    return parts(key, match.index + match[0].lastIndexOf(key));
  });
}

/** `tool.ruff.lint` is three keys; a key with other characters is one. */
function parts(key: string, start: number): TermOccurrence[] {
  if (!/^[\w-]+(?:\.[\w-]+)+$/.test(key)) return [{ term: key, kind: "config-key", start, end: start + key.length }];
  let at = start;
  return key.split(".").map((term) => {
    const span: TermOccurrence = { term, kind: "config-key", start: at, end: at + term.length };
    at += term.length + 1;
    return span;
  });
}
