/** With which ASCII characters a match of a regular expression can begin: what a lexer may pass over without asking it. */

const ascii = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).join("");

/** What the classes of Unicode are among ASCII characters: much less to compile. */
const classes: readonly (readonly [name: string, characters: string])[] = [
  ["\\p{L}", "a-zA-Z"],
  ["\\p{Lu}", "A-Z"],
  ["\\p{M}", ""],
  ["\\p{N}", "0-9"],
];

const known = new Map<string, readonly string[]>();

/** ASCII characters that a class or a character of a pattern matches. */
function charactersOf(atom: string): readonly string[] {
  if (/^[^\\[.]$/.test(atom)) return atom < "\u0080" ? [atom] : [];
  const before = known.get(atom);
  if (before !== undefined) return before;
  const plain = atom.startsWith("[") ? classes.reduce((source, [name, characters]) => source.replaceAll(name, characters), atom) : atom;
  const characters = ascii.match(new RegExp(plain, "gsu")) ?? [];
  known.set(atom, characters);
  return characters;
}

/** One entry an ASCII character: 1 where a match may begin with it. Never too few; of a pattern that may match nothing, all. */
export function firstCharacters(source: string): Uint8Array {
  const found = new Uint8Array(128);
  if (new FirstReader(source, found).alternatives()) found.fill(1);
  return found;
}

/** Reads the syntax that the lexical patterns use; looks around count for nothing. */
class FirstReader {
  private at = 0;

  constructor(
    private readonly source: string,
    private readonly found: Uint8Array,
  ) {}

  /** Up to the bracket that closes a group, or the end; whether all of it may match nothing. */
  alternatives(): boolean {
    let empty = this.sequence();
    while (this.source[this.at] === "|") {
      this.at++;
      empty = this.sequence() || empty;
    }
    return empty;
  }

  private sequence(): boolean {
    let empty = true;
    while (this.at < this.source.length && this.source[this.at] !== "|" && this.source[this.at] !== ")") {
      if (this.skipWidthless()) continue;
      if (!empty) this.skipItem();
      else empty = this.item();
    }
    return empty;
  }

  /** Anchors and looks around. */
  private skipWidthless(): boolean {
    const found = /(?:\^|\$|\\[bB])/y;
    found.lastIndex = this.at;
    if (found.test(this.source)) {
      this.at = found.lastIndex;
      return true;
    }
    if (!/^\(\?<?[=!]/.test(this.source.slice(this.at, this.at + 4))) return false;
    this.skipItem();
    return true;
  }

  /** A character, class or group with its quantifier; whether it may match nothing. */
  private item(): boolean {
    let empty = false;
    const group = /\((?:\?:|\?<[a-z]+>)?/y;
    group.lastIndex = this.at;
    if (group.test(this.source)) {
      this.at = group.lastIndex;
      empty = this.alternatives();
      this.at++;
    } else {
      const start = this.at;
      this.skipAtom();
      empty = this.mark(this.source.slice(start, this.at));
    }
    const quantifier = /(?:[*?]|\{0)/y;
    quantifier.lastIndex = this.at;
    empty ||= quantifier.test(this.source);
    this.skipQuantifier();
    return empty;
  }

  /** What a repetition of an earlier group matches is not known. */
  private mark(atom: string): boolean {
    if (/^\\(?:\d|k<)/.test(atom)) return true;
    for (const char of charactersOf(atom)) this.found[char.charCodeAt(0)] = 1;
    return false;
  }

  private skipItem(): void {
    if (this.source[this.at] === "(") this.skipGroup();
    else this.skipAtom();
    this.skipQuantifier();
  }

  private skipGroup(): void {
    this.at++;
    while (this.at < this.source.length && this.source[this.at] !== ")") {
      if (this.source[this.at] === "(") this.skipGroup();
      else this.skipAtom();
    }
    this.at++;
  }

  private skipAtom(): void {
    const atom = /\\(?:[pPu]\{[^}]*\}|u[0-9a-f]{4}|x[0-9a-f]{2}|k<[a-z]+>|[\s\S])|\[(?:[^\]\\]|\\[\s\S])*\]|[\s\S]/y;
    atom.lastIndex = this.at;
    atom.test(this.source);
    this.at = atom.lastIndex;
  }

  private skipQuantifier(): void {
    const quantifier = /(?:[*+?]|\{\d+(?:,\d*)?\})\??/y;
    quantifier.lastIndex = this.at;
    if (quantifier.test(this.source)) this.at = quantifier.lastIndex;
  }
}
