import { classSet } from "./unicode-classes";

/** Hangul by its part in a syllable; only what is assigned for good. */
function hangulPart(point: number): "L" | "V" | "T" | "LV" | "LVT" | undefined {
  if ((point >= 0x1100 && point < 0x1160) || (point >= 0xa960 && point < 0xa97d)) return "L";
  if ((point >= 0x1160 && point < 0x11a8) || (point >= 0xd7b0 && point < 0xd7c7)) return "V";
  if ((point >= 0x11a8 && point < 0x1200) || (point >= 0xd7cb && point < 0xd7fc)) return "T";
  if (point < 0xac00 || point > 0xd7a3) return undefined;
  return (point - 0xac00) % 28 === 0 ? "LV" : "LVT";
}

const followers: Readonly<Record<string, readonly string[]>> = {
  L: ["L", "V", "LV", "LVT"],
  V: ["V", "T"],
  LV: ["V", "T"],
  T: ["T"],
  LVT: ["T"],
};

/**
 * The extended grapheme clusters of a text (UAX #29), as [from, to) in UTF-16 units. Pairs of regional indicators are
 * left apart: who asks here only asks for clusters of less than six bytes.
 */
export function graphemeClusters(text: string): (readonly [from: number, to: number])[] {
  const joiner = new ClusterRules();
  const clusters: (readonly [number, number])[] = [];
  let from = 0;
  let at = 0;
  let before = -1;
  for (const char of text) {
    const point = char.codePointAt(0)!;
    if (before >= 0 && !joiner.joins(before, point)) {
      clusters.push([from, at]);
      from = at;
    }
    joiner.take(point);
    before = point;
    at += char.length;
  }
  if (from < at) clusters.push([from, at]);
  return clusters;
}

class ClusterRules {
  private readonly isJoin = classSet("GraphemeJoin");
  private readonly isPrepend = classSet("GraphemePrepend");
  private readonly isControl = classSet("GraphemeControl");
  private readonly isPictographic = classSet("Pictographic");
  private readonly isConsonant = classSet("ConjunctConsonant");
  private readonly isLinker = classSet("ConjunctLinker");
  private readonly isConjunctExtend = classSet("ConjunctExtend");
  /** A pictograph and its extenders, and the joiner behind them. */
  private pictograph: "none" | "open" | "joined" = "none";
  /** A consonant and its extenders, with a linker among them. */
  private conjunct: "none" | "open" | "linked" = "none";

  joins(before: number, point: number): boolean {
    if (before === 0x0d && point === 0x0a) return true;
    if (this.isControl(before) || this.isControl(point)) return false;
    if (this.isJoin(point) || this.isPrepend(before)) return true;
    if (this.pictograph === "joined" && this.isPictographic(point)) return true;
    if (this.conjunct === "linked" && this.isConsonant(point)) return true;
    const part = hangulPart(point);
    const last = hangulPart(before);
    return part !== undefined && last !== undefined && followers[last]!.includes(part);
  }

  /** Goes on behind a character. */
  take(point: number): void {
    if (this.isPictographic(point)) this.pictograph = "open";
    else if (this.pictograph === "open" && point === 0x200d) this.pictograph = "joined";
    else if (!(this.pictograph === "open" && this.isJoin(point))) this.pictograph = "none";
    if (this.isConsonant(point)) this.conjunct = "open";
    else if (this.conjunct !== "none" && this.isLinker(point)) this.conjunct = "linked";
    else if (!this.isConjunctExtend(point)) this.conjunct = "none";
  }
}
