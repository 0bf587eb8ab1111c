/** Strings with code inside, comments inside comments, and texts that end at a line of their own: what one regular expression cannot read. */

/** A string that may hold expressions. */
export interface StringTemplate {
  readonly kind: "template";
  /** Finds the next thing that matters inside. Groups: 1 an escape, 2 the end, 3 the opening of an expression, 4 a bare name (`$name`). */
  readonly marks: RegExp;
  /** The expression may end in a format (`{width:>8}`), which is text again. */
  readonly formatted: boolean;
}

export interface NestedComment {
  readonly kind: "comment";
  /** Global; group 1: a further opening. */
  readonly marks: RegExp;
}

export interface Heredoc {
  readonly kind: "heredoc";
  /** What its body may hold when its tag is not quoted. */
  readonly body: StringTemplate;
}

/** A slash that may open a regular expression. */
export interface PossibleRegex {
  readonly kind: "regex";
}

/** Text outside `<?php … ?>`. */
export interface OutsideCode {
  readonly kind: "outside";
}

export type Opener = StringTemplate | NestedComment | Heredoc | PossibleRegex | OutsideCode;

const insertions = {
  dollarBrace: { expression: "\\$\\{" },
  dollarParen: { expression: "\\$\\((?!\\()" },
  hashBrace: { expression: "#\\{" },
  backslashParen: { expression: "\\\\\\(" },
  backslashHashParen: { expression: "\\\\#\\(" },
  brace: { expression: "\\{(?!\\{)", text: "\\{\\{" },
  doubleBrace: { expression: "\\{\\{" },
  phpBrace: { expression: "\\{(?=\\$)" },
  dollarName: { name: "\\$([\\p{L}_][\\p{L}\\p{N}_]*)" },
} as const;

export interface TemplateShape {
  readonly end: string;
  readonly insert: readonly (keyof typeof insertions)[];
  /** How the delimiter is written inside; a backslash unless named. */
  readonly escape?: "backslash" | "double" | "none" | "backtick";
  /** A line break ends the string as if it were closed. */
  readonly oneLine?: boolean;
  readonly formatted?: boolean;
  /** What looks like an expression and is text (`$${`). */
  readonly text?: string;
}

const escapes = { backslash: "\\\\[\\s\\S]", backtick: "`[\\s\\S]", none: "(?!)" };

export function stringTemplate({
  end,
  insert,
  escape = "backslash",
  oneLine = false,
  formatted = false,
  text,
}: TemplateShape): StringTemplate {
  const parts = insert.map((kind): { readonly expression?: string; readonly name?: string; readonly text?: string } => insertions[kind]);
  const expressions = parts.flatMap(({ expression }) => (expression === undefined ? [] : [expression])).join("|") || "(?!)";
  const names = parts.flatMap((part) => (part.name === undefined ? [] : [part.name])).join("|") || "((?!))";
  const texts = parts.flatMap(({ text }) => (text === undefined ? [] : [text]));
  const escaped = escape === "double" ? `${end}${end}` : escapes[escape];
  // An expression that opens with a backslash is no escape.
  const skipped = [`(?!${expressions})${escaped}`, ...texts, ...(text === undefined ? [] : [text])].join("|");
  return {
    kind: "template",
    marks: new RegExp(`(${skipped})|(${oneLine ? `${end}|\\n` : end})|(${expressions})|${names}`, "gu"),
    formatted,
  };
}

export function nestedComment(open: string, close: string): NestedComment {
  return { kind: "comment", marks: new RegExp(`(${open})|${close}`, "g") };
}

export function heredoc(insert: TemplateShape["insert"]): Heredoc {
  return { kind: "heredoc", body: stringTemplate({ end: "(?!)", insert }) };
}
