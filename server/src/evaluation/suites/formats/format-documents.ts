import { seededRandom, type Random } from "../../../platform/random";
import { chatFacts } from "./chat-facts";
import { trainSlots } from "./format-slots-train";
import { templatesOf } from "./format-suite";
import type { FormatKind } from "./format-types";

export interface FormatDocumentOptions {
  readonly seed: string | number;
  readonly kind: FormatKind;
  readonly count: number;
}

/** One exchange as text that ends with a line break: the start of the next turn belongs to the next exchange. */
function exchangeText(kind: FormatKind, random: Random): string {
  if (kind === "chat" && random.int(10) < 3) {
    const [question, answer] = random.pick(chatFacts);
    return `User: ${question}\nAssistant: ${answer}\n`;
  }
  const { context, right } = random.pick(templatesOf(kind)).make(trainSlots, random);
  return `${context}${right.replace(/User:$/, "")}`;
}

/** A stop document needs a next turn to stop for. */
function turnsOf(kind: FormatKind, random: Random): number {
  if (kind === "stop") return 2 + random.int(3);
  return kind === "tool-call" ? 1 + random.int(2) : 1 + random.int(3);
}

/**
 * Complete plain-text documents of one format for pretraining a base: the suite's templates with other words, tools and lines of code.
 * Pure and endless in seed: equal options give equal documents, and a larger `count` only appends.
 */
export function* generateFormatDocuments(options: FormatDocumentOptions): Generator<string> {
  for (let index = 0; index < options.count; index++) {
    const random = seededRandom("format-document", options.seed, options.kind, index);
    const turns = turnsOf(options.kind, random);
    yield Array.from({ length: turns }, () => exchangeText(options.kind, random)).join("");
  }
}
