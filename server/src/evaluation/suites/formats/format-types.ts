import type { Random } from "../../../platform/random";

export const formatKinds = ["json", "tool-call", "chat", "csv", "table", "list", "yes-no", "number", "code", "stop"] as const;
export type FormatKind = (typeof formatKinds)[number];

/** Word lists that a template draws from. */
export type WordSlot = "name" | "city" | "thing" | "food" | "animal" | "job" | "colour";
/** What an argument of a tool is: a word, or a number in [2, 60). */
export type ArgumentSlot = WordSlot | "count";

export interface ToolSpec {
  readonly name: string;
  readonly parameters: Readonly<Record<string, ArgumentSlot>>;
  /** The request; `{parameter}` stands for the argument. */
  readonly ask: string;
}

export interface CodeLine {
  readonly language: string;
  readonly line: string;
}

/** One half of the material: the suite and the pretraining text never share a word slot, a tool or a line of code. */
export interface FormatSlots {
  readonly words: Readonly<Record<WordSlot, readonly string[]>>;
  readonly tools: readonly ToolSpec[];
  readonly code: readonly CodeLine[];
}

/** One request and its answer. `context` ends in "Assistant:"; answers end with a line break (those of kind "stop" with the next "User:"). */
export interface FormatExchange {
  /** What errors have in common (a tool, a language); the template where absent. */
  readonly topic?: string;
  readonly context: string;
  readonly right: string;
  /** Same content, broken form: a brace, fence, separator or quote is wrong or missing. */
  readonly brokenForm: string;
  /** Right form, wrong content: another value, tool, row or order. */
  readonly wrongContent: string;
}

export interface FormatTemplate {
  readonly kind: FormatKind;
  readonly name: string;
  /** 1: a tiny model passes; 2: some copying; 3: several values, order or arithmetic. */
  readonly grade: 1 | 2 | 3;
  readonly make: (slots: FormatSlots, random: Random) => FormatExchange;
}
