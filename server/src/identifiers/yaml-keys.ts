import { Composer, Parser, type CST } from "yaml";
import { KeyCollector, lineOf, type ConfigKeys } from "./key-collector";

/** Above this only the parser's own errors are looked for: composing doubles the time. UTF-16 units. */
const composedLength = 1_000_000;

const [newline, space, dash, question] = [10, 32, 45, 63];
const [openBracket, closeBracket, openBrace, closeBrace] = [91, 93, 123, 125];

/** Something still to read: a value, or a key whose turn comes in the order of the text. */
type Task =
  | { readonly kind: "value"; readonly token: CST.Token; readonly path: readonly string[] }
  | { readonly kind: "key"; readonly term: string; readonly start: number; readonly path: readonly string[] };

/** Keys of YAML, of every document of a stream, block and flow style, from the concrete syntax. */
export function yamlKeys(text: string): ConfigKeys {
  const keys = new KeyCollector();
  if (nestsDeeply(text)) {
    keys.fail("it is nested too deeply");
    return keys.result();
  }
  let tokens: CST.Token[];
  try {
    tokens = [...new Parser().parse(text)];
  } catch (error) {
    keys.fail(error instanceof Error ? error.message : String(error));
    return keys.result();
  }
  for (const token of tokens) {
    if (token.type === "error") keys.fail(() => `line ${lineOf(text, token.offset)}: ${token.message}`);
    if (token.type === "document" && token.value) readTokens(token.value, keys);
  }
  if (text.length <= composedLength) compose(tokens, text, keys);
  return keys.result();
}

/** Far beyond any configuration; the parser and the composer of the package call themselves once a level. */
const deepestLevel = 1000;

/**
 * Whether a text may nest deeper than that, told without a call a level. A stack that overflows inside a regular expression
 * of the package would end the process, not throw. Brackets in strings count: none holds a thousand that are not closed.
 */
function nestsDeeply(text: string): boolean {
  let brackets = 0;
  let opened = 0;
  let atStart = true;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === newline) {
      opened = 0;
      atStart = true;
    } else if (unit === openBracket || unit === openBrace) {
      if (++brackets > deepestLevel) return true;
      atStart = false;
    } else if (unit === closeBracket || unit === closeBrace) {
      brackets = Math.max(0, brackets - 1);
      atStart = false;
    } else if (atStart && (unit === space || unit === dash || unit === question)) {
      // Indentation, and sequences that open on one line: "- - - x".
      if (++opened > deepestLevel) return true;
    } else atStart = false;
  }
  return false;
}

/** A stack on the heap: depth costs no calls. */
function readTokens(root: CST.Token, keys: KeyCollector): void {
  const tasks: Task[] = [{ kind: "value", token: root, path: [] }];
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    if (task.kind === "key") keys.add(task.term, task.start, task.path);
    else for (const next of inside(task.token, task.path).reverse()) tasks.push(next);
  }
}

function inside(token: CST.Token, path: readonly string[]): Task[] {
  if (token.type !== "block-map" && token.type !== "block-seq" && token.type !== "flow-collection") return [];
  return token.items.flatMap(({ key, value }): Task[] => {
    const name = key ? keyText(key) : undefined;
    return [
      ...(name === undefined ? [] : [{ kind: "key", ...name, path } as const]),
      ...(value ? [{ kind: "value", token: value, path: name === undefined ? path : [...path, name.term] } as const] : []),
    ];
  });
}

function keyText(token: CST.Token): { readonly term: string; readonly start: number } | undefined {
  if (token.type === "scalar") return { term: token.source.trimEnd(), start: token.offset };
  if (token.type !== "double-quoted-scalar" && token.type !== "single-quoted-scalar") return undefined;
  return { term: token.source.slice(1, -1), start: token.offset + 1 };
}

function compose(tokens: readonly CST.Token[], text: string, keys: KeyCollector): void {
  try {
    const composer = new Composer({ logLevel: "silent", prettyErrors: false, uniqueKeys: false });
    for (const document of composer.compose(tokens)) {
      const error = document.errors[0];
      if (error !== undefined) keys.fail(() => `line ${lineOf(text, error.pos[0])}: ${error.message}`);
    }
  } catch (error) {
    // Thousands of levels overflow the composer's stack.
    keys.fail(error instanceof RangeError ? "it is nested too deeply" : String(error));
  }
}
