/** Keys of configuration files: JSON, YAML, TOML, INI, properties, .env. The leaf name is the term; its path is for people. */
export interface KeySpan {
  readonly start: number;
  readonly end: number;
}

const quotedKey = /"((?:[^"\\\n]|\\.)+)"(?=\s*:)/g;
const yamlKey = /^[ \t]*(?:- +)?(["']?)([A-Za-z_][\w.\-/]*)\1(?=\s*:(?:\s|$))/gm;
const assignedKey = /^[ \t]*(?:export\s+)?(["']?)([A-Za-z_][\w.-]*)\1(?=\s*[=:])/gm;
const section = /^[ \t]*\[{1,2}([^\]\n]+)\]{1,2}/gm;

const assigned = new Set(["toml", "ini", "properties", "dotenv", "env", "editorconfig", "gitconfig"]);

/** Spans of the keys of a configuration text. */
export function configKeys(text: string, language: string): readonly KeySpan[] {
  if (language === "json" || language === "jsonc" || language === "json5") return group(text, quotedKey, 1);
  if (language === "yaml" || language === "yml" || language === "dockercompose") return group(text, yamlKey, 2);
  if (assigned.has(language)) return [...group(text, section, 1), ...group(text, assignedKey, 2)].sort((a, b) => a.start - b.start);
  return [];
}

function group(text: string, pattern: RegExp, index: number): readonly KeySpan[] {
  return [...text.matchAll(pattern)].flatMap((match) => {
    const key = match[index]!;
    const start = match.index + match[0].lastIndexOf(key);
    return [{ start, end: start + key.length }];
  });
}
