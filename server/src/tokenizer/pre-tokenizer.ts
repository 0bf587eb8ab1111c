import { IntList } from "./int-list";
import { patternSplitter } from "./pattern";
import { cl100kScanner, digitsScanner, gpt2Scanner, punctuationScanner, type Splitter } from "./scanners";
import type { ComponentJson } from "./tokenizer-json";
import { unsupportedComponent } from "./unsupported";

const gpt2Pattern = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
const cl100kPattern = (digits: string): string =>
  `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;

/** A regular expression as splitter: the well-known ones by a hand-written scanner (the same pieces, three times as fast). */
export function regexSplitter(pattern: string, dialect: "oniguruma" | "rust"): Splitter {
  if (pattern === gpt2Pattern) return gpt2Scanner();
  if (pattern === cl100kPattern("")) return cl100kScanner(1);
  if (pattern === cl100kPattern("{1,3}")) return cl100kScanner(3);
  return patternSplitter(pattern, dialect);
}

/**
 * The pre-tokenizer of a byte-level tokenizer as one splitter over the text itself.
 * @throws MidtrainError (unsupported) naming the first component that is not one of Split(Isolated), Digits,
 *   Punctuation, and a closing ByteLevel without prefix space.
 */
export function buildPreTokenizer(component: ComponentJson | null): Splitter {
  const stages = flatten(component);
  const last = stages.at(-1);
  if (last?.type !== "ByteLevel")
    throw unsupportedComponent(last ? `pre-tokenizer ${last.type} without a closing ByteLevel` : "no pre-tokenizer");
  return chain(stages.flatMap((stage, index) => stageSplitter(stage, index === stages.length - 1)));
}

function flatten(component: ComponentJson | null): ComponentJson[] {
  if (!component) return [];
  if (component.type !== "Sequence") return [component];
  return (component["pretokenizers"] as ComponentJson[]).flatMap(flatten);
}

function stageSplitter(stage: ComponentJson, isLast: boolean): Splitter[] {
  switch (stage.type) {
    case "ByteLevel":
      // Later stages would see the byte alphabet instead of the text.
      if (!isLast) throw unsupportedComponent("a pre-tokenizer after ByteLevel");
      if (stage["add_prefix_space"] === true) throw unsupportedComponent("ByteLevel with add_prefix_space");
      return stage["use_regex"] === false ? [] : [gpt2Scanner()];
    case "Split":
      return [splitStage(stage)];
    case "Digits":
      return [digitsScanner(stage["individual_digits"] === true)];
    case "Punctuation":
      if (stage["behavior"] === "Contiguous") return [punctuationScanner(true)];
      if (stage["behavior"] === undefined || stage["behavior"] === "Isolated") return [punctuationScanner(false)];
      throw unsupportedComponent(`Punctuation with behavior ${String(stage["behavior"])}`);
    default:
      throw unsupportedComponent(`pre-tokenizer ${stage.type}`);
  }
}

function splitStage(stage: ComponentJson): Splitter {
  if (stage["behavior"] !== "Isolated") throw unsupportedComponent(`Split with behavior ${String(stage["behavior"])}`);
  if (stage["invert"] === true) throw unsupportedComponent("Split with invert");
  const pattern = stage["pattern"] as { readonly Regex?: string; readonly String?: string };
  if (pattern.Regex !== undefined) return regexSplitter(pattern.Regex, "oniguruma");
  if (pattern.String === undefined) throw unsupportedComponent("Split without pattern");
  return patternSplitter(pattern.String.replace(/[$^\\.*+?()[\]{}|]/g, "\\$&"), "oniguruma");
}

/** Each stage cuts every piece of the stage before. */
function chain(stages: readonly Splitter[]): Splitter {
  const [first, ...rest] = stages;
  if (!first) return (_text, start, end, ends) => void (end > start && ends.push(end));
  return rest.reduce(pair, first);
}

function pair(outer: Splitter, inner: Splitter): Splitter {
  const cuts = new IntList();
  return (text, start, end, ends) => {
    cuts.clear();
    outer(text, start, end, cuts);
    for (let i = 0, from = start; i < cuts.length; i++) {
      const to = cuts.items[i]!;
      inner(text, from, to, ends);
      from = to;
    }
  };
}
