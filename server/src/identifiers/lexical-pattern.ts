/**
 * How the languages write comments, strings and names: one regular expression per family finds the next thing that matters.
 * Groups: `string` (content of a literal), `name`, and one per opener of what needs more than a regular expression. What no
 * group holds is skipped.
 */
import { firstCharacters } from "./first-characters";
import { name } from "./lexical-parts";
import type { Opener } from "./string-templates";

export interface LexicalFamily {
  readonly code: LexicalPattern;
  /** The same, which also stops at brackets: for code inside strings. */
  readonly inside: LexicalPattern;
  /** Text before the first `<?` is no code. */
  readonly startsOutside: boolean;
}

export interface LexicalPattern {
  readonly pattern: RegExp;
  /** Capture group of a name. */
  readonly name: number;
  /** Capture groups of string contents. */
  readonly strings: readonly number[];
  readonly openers: readonly { readonly group: number; readonly opener: Opener }[];
  /** Capture group of a bracket, or of a colon that may open a format; 0 where brackets do not matter. */
  readonly bracket: number;
  /** What can be read without the pattern; made when a text is first read. */
  readonly fast: () => FastTable;
}

/** Most of a text is names and what stands between them: neither needs the pattern, which costs ten times as much. */
export interface FastTable {
  /** By ASCII character: what a match that begins with it can be. */
  readonly starts: Uint8Array;
  /** By ASCII character: 1 where a name goes on with it. */
  readonly goesOn: Uint8Array;
}

/** Entries of {@link FastTable.starts}. */
export const startsWith = { nothing: 0, name: 1, more: 2 } as const;

export type Part = string | { readonly open: string; readonly opener: Opener };

/** Groups become numbered: names may not repeat in a pattern, and a match with named groups costs twice the time. */
function compile(parts: readonly Part[], withBrackets: boolean): LexicalPattern {
  const groups: string[] = [""];
  const openers: { group: number; opener: Opener }[] = [];
  const sources = parts.map((part) => {
    const source = typeof part === "string" ? part : `(?<opener>${part.open})`;
    const numbered = source.replace(/\(\?<([a-z]+)>|\\k<([a-z]+)>/g, (_all, opened: string | undefined, repeated: string | undefined) => {
      if (opened !== undefined) groups.push(opened);
      return opened === undefined ? `\\${groups.lastIndexOf(repeated!)}` : "(";
    });
    if (typeof part !== "string") openers.push({ group: groups.lastIndexOf("opener"), opener: part.opener });
    return numbered;
  });
  if (withBrackets) sources.push(brackets);
  let fast: FastTable | undefined;
  return {
    fast: () => (fast ??= fastTable(parts, withBrackets)),
    pattern: new RegExp(sources.join("|").replaceAll("|$)", "|(?![\\s\\S]))"), "gmu"),
    name: groups.indexOf("name"),
    strings: groups.flatMap((group, index) => (group === "string" ? [index] : [])),
    openers,
    bracket: withBrackets ? groups.length : 0,
  };
}

const brackets = "([()[\\]{}:])";

const nameCharacters = new Map<string, RegExp>([
  [name.plain, /\w/],
  [name.dollar, /[\w$]/],
  [name.primed, /[\w']/],
]);

function fastTable(parts: readonly Part[], withBrackets: boolean): FastTable {
  const starts = new Uint8Array(128);
  const goesOn = new Uint8Array(128);
  const mark = (source: string, what: number): void =>
    firstCharacters(source).forEach((may, char) => {
      if (may === 1) starts[char] = starts[char] === startsWith.nothing ? what : startsWith.more;
    });
  for (const part of parts) {
    const source = typeof part === "string" ? part : part.open;
    const characters = nameCharacters.get(source);
    mark(source, characters === undefined ? startsWith.more : startsWith.name);
    if (characters === undefined) continue;
    for (let char = 0; char < 128; char++) if (characters.test(String.fromCharCode(char))) goesOn[char] = 1;
  }
  if (withBrackets) mark(brackets, startsWith.more);
  return { starts, goesOn };
}

/** Compiled when a text of the family is first read: there are dozens, and a start waits for none. */
export function family(...parts: readonly Part[]): LexicalFamily {
  let code: LexicalPattern | undefined;
  let inside: LexicalPattern | undefined;
  return {
    get code() {
      return (code ??= compile(parts, false));
    },
    get inside() {
      return (inside ??= compile(parts, true));
    },
    startsOutside: isOutside(parts[0]),
  };
}

function isOutside(part: Part | undefined): boolean {
  return typeof part === "object" && part.opener.kind === "outside";
}
