/** Which tokens may be made of the pieces of a repository, and which of them are names. */
export interface TokenFilter {
  /**
   * Printable, on one line, and, without the one character that pre-tokenizers glue to the front, a part of a name. Raw
   * continued BPE wants junk (`]any`, `|>`, `":")`). Short parts are steps on the way to a name and must be allowed.
   */
  readonly allows: (text: string) => boolean;
  /** At least half of a name, or of a word of it. */
  readonly isName: (text: string) => boolean;
}

export function tokenFilter(terms: ReadonlySet<string>): TokenFilter {
  const names = [...terms].filter((term) => term.length <= longestTerm);
  const all = names.join("\n");
  const halves = new Set<string>();
  for (const term of names) addHalves(term, halves);
  return {
    allows: (text) => /^[\x20-\x7e]+$/.test(text) && bare(text).length >= 2 && all.includes(bare(text)),
    isName: (text) => halves.has(bare(text)),
  };
}

function bare(text: string): string {
  return text.replace(/^[^\p{L}\p{N}]/u, "");
}

/** Words of a name: what pre-tokenizers cut it into at the most. */
const words = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{L}+|\p{N}+/gu;
/** Longer names are paths and data. */
const longestTerm = 64;

/** Runs of a name, or of a word of it, that are at least half as long. */
function addHalves(term: string, halves: Set<string>): void {
  for (const part of new Set([term, ...(term.match(/[\p{L}\p{N}]+/gu) ?? []), ...(term.match(words) ?? [])])) {
    const half = Math.max(2, Math.ceil(part.length / 2));
    for (let length = half; length <= part.length; length++)
      for (let start = 0; start + length <= part.length; start++) halves.add(part.slice(start, start + length));
  }
}
