import type { AddedTokenJson } from "./tokenizer-json";
import { charBits, charBitTable, codePointAt, codePointBefore } from "./unicode-classes";

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly singleWord: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  readonly normalized: boolean;
  readonly special: boolean;
}

/** The reference's defaults: `normalized` is the opposite of `special` when absent. */
export function addedToken(json: AddedTokenJson): AddedToken {
  const special = json.special ?? false;
  return {
    id: json.id,
    content: json.content,
    singleWord: json.single_word ?? false,
    lstrip: json.lstrip ?? false,
    rstrip: json.rstrip ?? false,
    normalized: json.normalized ?? !special,
    special,
  };
}

/** Receives the pieces of a text in order: a stretch without added token, or one added token with what it swallowed around it. */
export interface AddedTokenVisitor {
  ordinary(start: number, end: number): void;
  token(token: AddedToken, start: number, end: number): void;
}

/**
 * Finds added tokens from left to right, the longest at each place, without overlap; a match that single_word or the
 * caller's mode turns down still uses up its text (the order of the reference's `find_matches`).
 */
export class AddedTokenMatcher {
  private readonly byFirst = new Map<number, AddedToken[]>();
  private readonly firstUnit: RegExp | undefined;

  constructor(tokens: readonly AddedToken[]) {
    for (const token of tokens) {
      const first = token.content.charCodeAt(0);
      const bucket = this.byFirst.get(first);
      if (bucket) bucket.push(token);
      else this.byFirst.set(first, [token]);
    }
    for (const bucket of this.byFirst.values()) bucket.sort((a, b) => b.content.length - a.content.length);
    const units = [...this.byFirst.keys()].map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`);
    this.firstUnit = units.length === 0 ? undefined : new RegExp(`[${units.join("")}]`, "g");
  }

  /** @param accept turned-down tokens stay ordinary text. */
  walk(text: string, start: number, end: number, accept: (token: AddedToken) => boolean, visitor: AddedTokenVisitor): void {
    let done = start;
    for (let at = this.nextCandidate(text, start, end); at < end;) {
      const token = this.longestAt(text, at, end);
      const stop = at + (token?.content.length ?? 1);
      if (token && accept(token) && isAlone(token, text, at, stop, start, end)) {
        const from = token.lstrip ? Math.max(done, spacesBefore(text, at, start)) : at;
        if (done < from) visitor.ordinary(done, from);
        // What rstrip swallows is still searched: a token of spaces in it counts once more, as in the reference.
        done = token.rstrip ? spacesAfter(text, stop, end) : stop;
        visitor.token(token, from, done);
      }
      at = this.nextCandidate(text, stop, end);
    }
    if (done < end) visitor.ordinary(done, end);
  }

  private nextCandidate(text: string, from: number, end: number): number {
    if (!this.firstUnit) return end;
    this.firstUnit.lastIndex = from;
    return this.firstUnit.test(text) ? this.firstUnit.lastIndex - 1 : end;
  }

  private longestAt(text: string, at: number, end: number): AddedToken | undefined {
    return this.byFirst.get(text.charCodeAt(at))?.find(({ content }) => at + content.length <= end && text.startsWith(content, at));
  }
}

function isAlone(token: AddedToken, text: string, start: number, stop: number, from: number, end: number): boolean {
  if (!token.singleWord) return true;
  const table = charBitTable();
  const wordBefore = start > from && table[codePointBefore(text, start, from)]! & charBits.word;
  const wordAfter = stop < end && table[codePointAt(text, stop, end)]! & charBits.word;
  return !wordBefore && !wordAfter;
}

function spacesBefore(text: string, at: number, start: number): number {
  const table = charBitTable();
  let i = at;
  while (i > start && table[text.charCodeAt(i - 1)]! & charBits.space) i--;
  return i;
}

function spacesAfter(text: string, at: number, end: number): number {
  const table = charBitTable();
  let i = at;
  while (i < end && table[text.charCodeAt(i)]! & charBits.space) i++;
  return i;
}
