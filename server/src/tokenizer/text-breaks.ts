import type { AddedToken } from "./added-tokens";
import { PatternAutomaton } from "./pattern-automaton";
import { patternTree, programOf } from "./pattern-program";
import type { PatternDialect } from "./pattern-syntax";
import type { ComponentJson } from "./tokenizer-json";
import { charBits, charBitTable } from "./unicode-classes";

/**
 * Whether every text is cut between these two code points, so that its two sides are encoded apart: the tokens before
 * depend on nothing behind the second, those behind on nothing before it. Says no where that is not proved.
 */
export type BreakTest = (before: number, after: number) => boolean;

const never: BreakTest = () => false;

/** A stage of a pre-tokenizer; `local` when its cuts depend on nothing but the two characters at each place. */
interface Stage {
  readonly breaks: BreakTest;
  readonly local: boolean;
}

/** The pattern of ByteLevel with use_regex. */
const byteLevelPattern = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

export function patternBreaks(pattern: string, dialect: PatternDialect): BreakTest {
  const program = programOf(pattern, dialect);
  if (!program?.regular) return never;
  const automaton = new PatternAutomaton(program);
  const table = automaton.breakTable();
  if (!table) return never;
  const { classOf } = program.alphabet;
  const { stride } = automaton;
  return (before, after) => table[classOf[before]! * stride + classOf[after]!] === 1;
}

/** Places that the stages of a byte-level pre-tokenizer cut in every text. */
export function preTokenizerBreaks(component: ComponentJson | null): BreakTest {
  const tests: BreakTest[] = [];
  for (const stage of flatten(component).map(stageBreaks)) {
    if (!stage) return anyOf(tests);
    tests.push(stage.breaks);
    // Behind a stage that looks around, the pieces of the next one depend on where that stage has cut.
    if (!stage.local) break;
  }
  return anyOf(tests);
}

/** Whether the cuts of a stage depend on nothing but the two characters at each place: it makes no words. */
export function isLocalStage(stage: ComponentJson): boolean {
  if (stage.type === "Digits" || stage.type === "Punctuation") return true;
  const pattern = isolatedPattern(stage);
  return pattern !== undefined && patternTree(pattern, "oniguruma").kind === "set";
}

function isolatedPattern(stage: ComponentJson): string | undefined {
  if (stage.type !== "Split" || stage["behavior"] !== "Isolated") return undefined;
  return (stage["pattern"] as { readonly Regex?: string } | undefined)?.Regex;
}

function anyOf(tests: readonly BreakTest[]): BreakTest {
  if (tests.length === 1) return tests[0]!;
  return (before, after) => tests.some((test) => test(before, after));
}

function flatten(component: ComponentJson | null): ComponentJson[] {
  if (!component) return [];
  return component.type === "Sequence" ? (component["pretokenizers"] as ComponentJson[]).flatMap(flatten) : [component];
}

function stageBreaks(stage: ComponentJson): Stage | undefined {
  const table = charBitTable();
  const has = (point: number, bit: number): boolean => (table[point]! & bit) !== 0;
  const runs = (bit: number, single: boolean): Stage => ({
    breaks: (before, after) => has(before, bit) !== has(after, bit) || (single && has(before, bit)),
    local: true,
  });
  if (stage.type === "Digits") return runs(charBits.numeric, stage["individual_digits"] === true);
  if (stage.type === "Punctuation") return runs(charBits.punctuation, stage["behavior"] !== "Contiguous");
  if (stage.type === "ByteLevel")
    return stage["use_regex"] === false ? undefined : { breaks: patternBreaks(byteLevelPattern, "oniguruma"), local: false };
  const pattern = isolatedPattern(stage);
  return pattern === undefined ? undefined : splitStage(pattern);
}

/** One character of a class cuts on both sides, whatever is around it. */
function splitStage(pattern: string): Stage {
  const tree = patternTree(pattern, "oniguruma");
  if (tree.kind !== "set") return { breaks: patternBreaks(pattern, "oniguruma"), local: false };
  const inside = (point: number): boolean => tree.ranges.some(([start, end]) => point >= start && point < end);
  return { breaks: (before, after) => inside(before) || inside(after), local: true };
}

/**
 * Whether no added token can reach over the place, swallow what is on its other side, be turned down for it, or begin
 * there: the pieces before a token see the end of the text where without it they would see the character.
 */
export function addedTokenBreaks(tokens: readonly AddedToken[]): BreakTest {
  const inner = new Set<number>();
  const first = new Set<number>();
  const strippedEnds = new Set<number>();
  const strips = { left: false, right: false };
  for (const { content, lstrip, rstrip } of tokens) {
    const points = Array.from(content, (char) => char.codePointAt(0)!);
    points.forEach((point, index) => index > 0 && inner.add(points[index - 1]! * 0x110000 + point));
    first.add(points[0]!);
    if (rstrip) strippedEnds.add(points.at(-1)!);
    strips.left ||= lstrip;
    strips.right ||= rstrip;
  }
  const isSpace = (point: number): boolean => (charBitTable()[point]! & charBits.space) !== 0;
  return (before, after) => {
    if (inner.has(before * 0x110000 + after) || first.has(after)) return false;
    if (strips.left && isSpace(after)) return false;
    return !(strips.right && isSpace(after) && (isSpace(before) || strippedEnds.has(before)));
  };
}
