/** A script or style inside markup. */
export interface ScriptStretch {
  readonly start: number;
  readonly end: number;
  readonly language: string;
}

const markup = new Set(["html", "vue", "svelte", "astro"]);
const element = /<(script|style)\b([^>]*)>([\s\S]*?)(?:<\/\1\s*>|(?![\s\S]))/gi;

/** Scripts and styles of HTML, Vue, Svelte and Astro files; undefined for other languages. */
export function markupScripts(text: string, language: string): ScriptStretch[] | undefined {
  if (!markup.has(language)) return undefined;
  return Array.from(text.matchAll(element), (match) => {
    const [all, tag, attributes, content] = match;
    const start = match.index + all.indexOf(">") + 1;
    return { start, end: start + content!.length, language: scriptLanguage(tag!.toLowerCase(), attributes!) };
  });
}

function scriptLanguage(tag: string, attributes: string): string {
  if (tag === "style") return /\blang\s*=\s*["']?(?:scss|less|sass)/.test(attributes) ? "scss" : "css";
  return /\blang\s*=\s*["']?tsx?/.test(attributes) ? "typescript" : "javascript";
}
