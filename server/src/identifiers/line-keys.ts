/** Formats that are read line by line: a malformed line costs only itself. */
import { KeyCollector, lineOf, type ConfigKeys } from "./key-collector";

const iniLine =
  /^[ \t]*(?:[;#!][^\n]*|\[[ \t]*([^\]\n]*[^\]\s]|)[ \t]*(\]?)[^\n]*|([A-Za-z_][^\s=:\\]*(?:[ \t]+[^\s=:\\]+)*?)[ \t]*[=:][^\n]*|([=:\]])[^\n]*)/gm;

/** INI and properties: sections, `key = value`, `key: value`; a dotted key counts part by part. Values may go on in indented lines or after a backslash. */
export function iniKeys(text: string): ConfigKeys {
  const keys = new KeyCollector();
  let section: readonly string[] = [];
  let continued = -1;
  for (const match of text.matchAll(iniLine)) {
    const [all, name, closed, key, stray] = match;
    if (match.index === continued) {
      continued = all.endsWith("\\") ? match.index + all.length + 1 : -1;
      continue;
    }
    if (name !== undefined) {
      if (closed === "" || name === "") keys.fail(() => `line ${lineOf(text, match.index)}: a section without a name or an end`);
      section = keys.addDotted(name, match.index + all.indexOf(name), []);
    } else if (key !== undefined) {
      keys.addDotted(key, match.index + all.indexOf(key), section);
      if (all.endsWith("\\")) continued = match.index + all.length + 1;
    } else if (stray !== undefined) keys.fail(() => `line ${lineOf(text, match.index)}: no key`);
  }
  return keys.result();
}

const dotenvLine =
  /^[ \t]*(?:#[^\n]*|(?:export[ \t]+)?([A-Za-z_][\w.]*)[ \t]*=[ \t]*(?:"(?:[^"\\]|\\[\s\S])*"|'[^']*'|[^\n]*)[^\n]*|(\S[^\n]*))/gm;

/** `.env`: `NAME=value`, with `export` or without; a quoted value may hold line breaks. */
export function dotenvKeys(text: string): ConfigKeys {
  const keys = new KeyCollector();
  for (const match of text.matchAll(dotenvLine)) {
    const [all, key, other] = match;
    if (key !== undefined) keys.add(key, match.index + all.indexOf(key), []);
    else if (other !== undefined) keys.fail(() => `line ${lineOf(text, match.index)}: no NAME=value`);
  }
  return keys.result();
}

const xmlMark =
  /<!--[\s\S]*?(?:-->|(?![\s\S]))|<!\[CDATA\[[\s\S]*?(?:\]\]>|(?![\s\S]))|<(\/?)([A-Za-z_][\w.:-]*)((?:[^>"']|"[^"]*"|'[^']*')*?)(\/?)>/g;

/** Names of XML elements, with the elements around them as their path. */
export function xmlKeys(text: string): ConfigKeys {
  const keys = new KeyCollector();
  const open: string[] = [];
  for (const match of text.matchAll(xmlMark)) {
    const [, closing, element, , single] = match;
    if (element === undefined) continue;
    if (closing === "/") {
      if (open.at(-1) === element) open.pop();
      else keys.fail(() => `line ${lineOf(text, match.index)}: </${element}> closes nothing`);
      continue;
    }
    keys.add(element, match.index + 1, open.slice(-25));
    if (single !== "/") open.push(element);
  }
  if (open.length > 0) keys.fail(`<${open.at(-1)!}> is not closed`);
  return keys.result();
}
