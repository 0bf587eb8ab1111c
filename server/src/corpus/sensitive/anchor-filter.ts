import { textKernel, type Windows } from "../kernel/text-kernel";

/** Classes of bytes: letters without case, digits as one, and the signs that literals hold. */
const classOf = new Uint8Array(256).fill(31);
for (let letter = 0; letter < 26; letter++) classOf[65 + letter] = classOf[97 + letter] = letter;
for (let digit = 48; digit < 58; digit++) classOf[digit] = 26;
for (const [index, sign] of [".", ":", "/", "@"].entries()) classOf[sign.charCodeAt(0)] = 27 + index;

const windowMask = 0x7fff;
/** Bytes of a text that are searched in one go: what is found needs room. */
const atOnce = 1 << 16;

/** Where a text must look like what, before anything dearer looks at it. */
export interface Anchor {
  /** Compared as it stands, or without regard to ASCII case. U+0001 stands for any letter or digit, U+0002 for any digit. */
  readonly literal: string;
  readonly ignoreCase: boolean;
  /** Position of the three characters that are looked for first: those that are rarest in ordinary text. */
  readonly at: number;
}

interface Entry {
  readonly anchor: number;
  readonly literal: string;
  readonly ignoreCase: boolean;
  readonly offset: number;
}

function classesOf(character: string): readonly number[] {
  if (character === "\u0001") return Array.from({ length: 27 }, (_, index) => index);
  if (character === "\u0002") return [26];
  return [classOf[character.charCodeAt(0)]!];
}

/**
 * Finds many short literals in one pass. Each step looks three bytes up in a table of 32 Ki classes; the few places that pass are compared
 * with the literals that share the three.
 */
export class AnchorFilter {
  readonly #windows: Windows = { classes: classOf, lists: new Uint16Array(windowMask + 1) };
  readonly #entries: (readonly Entry[])[] = [[]];

  constructor(anchors: readonly Anchor[]) {
    const byWindow = new Map<number, Entry[]>();
    for (const [anchor, { literal, ignoreCase, at }] of anchors.entries()) {
      for (const a of classesOf(literal[at]!)) {
        for (const b of classesOf(literal[at + 1]!)) {
          for (const c of classesOf(literal[at + 2]!)) {
            const window = (a << 10) | (b << 5) | c;
            const entries = byWindow.get(window) ?? [];
            byWindow.set(window, entries);
            entries.push({ anchor, literal: ignoreCase ? literal.toLowerCase() : literal, ignoreCase, offset: at + 2 });
          }
        }
      }
    }
    for (const [window, entries] of byWindow) this.#windows.lists[window] = this.#entries.push(entries) - 1;
  }

  /** Calls `onHit(anchor, start)` for each place of the text, of which the kernel holds the low bytes. */
  scan(text: string, onHit: (anchor: number, start: number) => void): void {
    const kernel = textKernel();
    for (let from = 0; from < text.length; from += atOnce) {
      const found = kernel.findWindows(this.#windows, from, Math.min(text.length, from + atOnce));
      for (let next = 0; next < found.length; next += 2) this.#compare(text, found[next]!, found[next + 1]!, onHit);
    }
  }

  #compare(text: string, at: number, list: number, onHit: (anchor: number, start: number) => void): void {
    for (const entry of this.#entries[list]!) {
      const start = at - entry.offset;
      if (start >= 0 && isAt(text, start, entry)) onHit(entry.anchor, start);
    }
  }
}

function isAt(text: string, start: number, { literal, ignoreCase }: Entry): boolean {
  for (let at = 0; at < literal.length; at++) {
    const wanted = literal.charCodeAt(at);
    let code = text.charCodeAt(start + at);
    if (wanted <= 2) continue;
    if (ignoreCase && code >= 65 && code <= 90) code |= 32;
    if (code !== wanted) return false;
  }
  return true;
}
