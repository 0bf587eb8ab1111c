/**
 * Which tokens may be made: printable, on one line, and, without the one character that pre-tokenizers glue to the front,
 * at least half of a name of the repository. Raw continued BPE wants junk (`]any`, `|>`, `":")`).
 */
export function tokenFilter(terms: ReadonlySet<string>): (text: string) => boolean {
  const halves = new Set<string>();
  for (const term of terms) addHalves(term, halves);
  return (text) => {
    if (!/^[\x20-\x7e]*$/.test(text)) return false;
    const bare = text.replace(/^[^\p{L}\p{N}]/u, "");
    return bare.length >= 2 && (halves.has(bare) || halves.has(text));
  };
}

/** Words of a name: what pre-tokenizers cut it into at the most. */
const words = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{L}+|\p{N}+/gu;
/** Longer names are paths and data. */
const longestTerm = 64;

/** Runs of a name, or of a word of it, that are at least half as long. */
function addHalves(term: string, halves: Set<string>): void {
  if (term.length > longestTerm) return;
  for (const part of new Set([term, ...(term.match(/[\p{L}\p{N}]+/gu) ?? []), ...(term.match(words) ?? [])])) {
    const half = Math.max(2, Math.ceil(part.length / 2));
    for (let length = half; length <= part.length; length++)
      for (let start = 0; start + length <= part.length; start++) halves.add(part.slice(start, start + length));
  }
}
