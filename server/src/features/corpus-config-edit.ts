/** Edits of midtrain.jsonc that the corpus tree asks for: comments, order and formatting of the file stay. Pure. */
import { applyEdits, createScanner, findNodeAtLocation, modify, parseTree, type Edit, type Node } from "jsonc-parser";
import type { ConfigurationEdit, CorpusChange } from "@midtrain/protocol/corpus-view";
import { MidtrainError } from "@midtrain/protocol/errors";
import { parseConfig } from "../config";

/** A change whose value, if it names one, is hashed already. */
export type ConfigurationChange =
  Exclude<CorpusChange, { kind: "allow-value" }> | { readonly kind: "allow-hash"; readonly rule: string; readonly hash: string };

/** What a new file starts from. The schema is written there by the extension; in the editor it also applies by name. */
export const configurationTemplate = '{\n  "$schema": "./.midtrain/midtrain.schema.json"\n}\n';

/** A glob that matches exactly this path. A directory (ends with "/") stands for everything below it. */
export function globOf(path: string): string {
  const escaped = literalGlob(path);
  return escaped.endsWith("/") ? `${escaped}**` : escaped;
}

/** A name with a glob's signs, taken as it is. */
function literalGlob(name: string): string {
  return name.replace(/[\\*?[\]{}()!+@|]/g, "\\$&");
}

/**
 * @returns the edits, none when the file says so already.
 * @throws MidtrainError (input) naming the line when the text is not a legal configuration, before or after.
 */
export function configurationEdit(text: string, change: ConfigurationChange, file: string): ConfigurationEdit {
  const start = text.trim() === "" ? configurationTemplate : text;
  parseConfig(start, file);
  const steps = stepsOf(change);
  let after = start;
  for (const { edit } of steps) after = applyEdits(after, edit(after));
  parseConfig(after, file);
  const words =
    after === start
      ? "midtrain.jsonc says so already."
      : steps
          .map(({ words }) => words)
          .filter(Boolean)
          .join(" ");
  return { edits: after === text ? [] : [smallestEdit(text, after)], words };
}

/** One edit from what both texts share at their ends. */
function smallestEdit(before: string, after: string): Edit {
  const limit = Math.min(before.length, after.length);
  let head = 0;
  while (head < limit && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < limit - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  return { offset: head, length: before.length - head - tail, content: after.slice(head, after.length - tail) };
}

interface Step {
  readonly words: string;
  readonly edit: (text: string) => Edit[];
}

function stepsOf(change: ConfigurationChange): readonly Step[] {
  switch (change.kind) {
    case "include":
      return [removed("exclude", globOf(change.path)), added("include", globOf(change.path))];
    case "exclude":
      return [removed("include", globOf(change.path)), added("exclude", globOf(change.path))];
    case "rule-off":
      return [added("rulesOff", change.rule)];
    case "limit":
      return [set("maxFileBytes", change.bytes)];
    case "allow-path":
      return [added("allow", { rule: change.rule, path: globOf(change.path) }, `rule ${change.rule} in ${change.path}`)];
    case "allow-hash":
      return [added("allow", { rule: change.rule, hash: change.hash }, `this finding of ${change.rule}, by its salted hash,`)];
    case "ignore-name":
      return [addedTo(["fragmentation", "ignore"], literalGlob(change.name), change.name)];
    case "class":
      return [reclassified(globOf(change.path), { class: change.class })];
    case "language":
      return [reclassified(globOf(change.path), { language: change.language })];
  }
}

function added(key: "include" | "exclude" | "rulesOff" | "allow", value: unknown, named?: string): Step {
  return addedTo(["corpus", key], value, named);
}

function addedTo(path: readonly string[], value: unknown, named = JSON.stringify(value)): Step {
  return {
    words: `Added ${named} to ${path.join(".")}.`,
    edit: (text) => {
      const isThere = nodeAt(text, path)?.children?.some((child) => sameJson(valueOf(child), value)) === true;
      return isThere ? [] : appendAt(text, path, value);
    },
  };
}

function removed(key: "include" | "exclude", glob: string): Step {
  return {
    words: "",
    edit: (text) => {
      const at = nodeAt(text, ["corpus", key])?.children?.findIndex((child) => child.value === glob) ?? -1;
      return at < 0 ? [] : modify(text, ["corpus", key, at], undefined, { formattingOptions: formattingOf(text) });
    },
  };
}

function set(key: "maxFileBytes", value: number): Step {
  return {
    words: `Set corpus.${key} to ${value}.`,
    edit: (text) => {
      const node = nodeAt(text, ["corpus", key]);
      return node ? [{ offset: node.offset, length: node.length, content: String(value) }] : putAt(text, ["corpus", key], value);
    },
  };
}

/** The last matching entry decides, so an entry that others follow is not changed in place but said again at the end. */
function reclassified(path: string, change: { readonly class?: string; readonly language?: string }): Step {
  return {
    words: `Added ${JSON.stringify({ path, ...change })} to corpus.reclassify.`,
    edit: (text) => {
      const entries = nodeAt(text, ["corpus", "reclassify"])?.children ?? [];
      const last = entries.at(-1);
      const kept = last && (valueOf(last) as { path?: string });
      if (!last || kept?.path !== path) return appendAt(text, ["corpus", "reclassify"], { path, ...change });
      const at = entries.length - 1;
      return Object.entries(change).flatMap(([key, value]) => {
        const node = findNodeAtLocation(last, [key]);
        const content = JSON.stringify(value);
        return node ? [{ offset: node.offset, length: node.length, content }] : putAt(text, ["corpus", "reclassify", at, key], value);
      });
    },
  };
}

function nodeAt(text: string, path: readonly (string | number)[]): Node | undefined {
  const root = parseTree(text, [], { allowTrailingComma: true });
  return root && findNodeAtLocation(root, [...path]);
}

function valueOf(node: Node): unknown {
  if (node.type === "array") return (node.children ?? []).map(valueOf);
  if (node.type !== "object") return node.value as unknown;
  return Object.fromEntries(
    (node.children ?? []).map((property) => [
      String(property.children?.[0]?.value),
      property.children?.[1] && valueOf(property.children[1]),
    ]),
  );
}

function sameJson(a: unknown, b: unknown): boolean {
  const ordered = (value: unknown): string =>
    JSON.stringify(value, (_key, member: unknown) =>
      member !== null && typeof member === "object" && !Array.isArray(member) ? Object.fromEntries(Object.entries(member).sort()) : member,
    );
  return ordered(a) === ordered(b);
}

/** Appends to the list at a path; makes the list, and what leads to it, where there is none. */
function appendAt(text: string, path: readonly string[], value: unknown): Edit[] {
  const list = nodeAt(text, path);
  return list?.type === "array" ? appendMember(text, list, oneLine(value)) : putAt(text, path, [value]);
}

/** Adds a key that is not there yet, inside the deepest object that is. */
function putAt(text: string, path: readonly (string | number)[], value: unknown): Edit[] {
  for (let depth = path.length - 1; depth >= 0; depth--) {
    const parent = nodeAt(text, path.slice(0, depth));
    if (parent?.type !== "object") continue;
    const nested = path.slice(depth + 1).reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
    return appendMember(
      text,
      parent,
      `${JSON.stringify(String(path[depth]))}: ${pretty(text, nested, indentOf(text, parent) + unitOf(text))}`,
    );
  }
  throw new MidtrainError({ reason: "input", message: "The configuration is not an object.", next: "Write { } around its keys." });
}

/** Inserts behind the last member and behind the comment on its line; keeps one line one line. */
function appendMember(text: string, parent: Node, member: string): Edit[] {
  const last = parent.children?.at(-1);
  const close = parent.offset + parent.length - 1;
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const outer = indentOf(text, parent);
  if (last === undefined) {
    const inside = text.slice(parent.offset + 1, close);
    const spread = `${inside.trimEnd()}${eol}${outer}${unitOf(text)}${member}${eol}${outer}`;
    return parent.type === "array" && inside.trim() === ""
      ? [{ offset: parent.offset + 1, length: inside.length, content: member }]
      : [{ offset: parent.offset + 1, length: inside.length, content: spread }];
  }
  const end = last.offset + last.length;
  const { comma, lineEnd } = behind(text, end, close);
  const isSpread = text.slice(parent.offset, last.offset).includes("\n");
  if (!isSpread && parent.type === "array") return [{ offset: end, length: 0, content: `, ${member}` }];
  if (!isSpread) {
    const glue = { offset: end, length: 0, content: `, ${member}` };
    return [glue];
  }
  const line = `${eol}${lineIndentAt(text, last.offset)}${member}${comma ? "," : ""}`;
  return comma || lineEnd > end
    ? [...(comma ? [] : [{ offset: end, length: 0, content: "," }]), { offset: lineEnd, length: 0, content: line }]
    : [{ offset: end, length: 0, content: `,${line}` }];
}

/** Is there a comma behind a member, and where does what belongs to its line (comma, comment) end? */
function behind(text: string, end: number, close: number): { readonly comma: boolean; readonly lineEnd: number } {
  const scanner = createScanner(text, false);
  scanner.setPosition(end);
  let comma = false;
  let lineEnd = end;
  for (let token = scanner.scan(); scanner.getTokenOffset() < close; token = scanner.scan()) {
    const from = scanner.getTokenOffset();
    const to = from + scanner.getTokenLength();
    const piece = text.slice(from, to);
    if (text.slice(end, from).includes("\n") || to > close) break;
    if (piece === ",") comma = true;
    if (piece.trim() !== "") lineEnd = to;
    if (token === 17) break; // EOF
  }
  return { comma, lineEnd };
}

/** White space at the start of the line of an offset. */
function lineIndentAt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))![0];
}

function indentOf(text: string, node: Node): string {
  return lineIndentAt(text, node.offset);
}

/** One level of indentation as the file has it. */
function unitOf(text: string): string {
  return /^(\t+|[ ]+)\S/m.exec(text)?.[1]?.replace(/^\t+$/, "\t") ?? "  ";
}

function formattingOf(text: string): { tabSize: number; insertSpaces: boolean; eol: string } {
  const unit = unitOf(text);
  return { tabSize: unit === "\t" ? 2 : unit.length, insertSpaces: unit !== "\t", eol: text.includes("\r\n") ? "\r\n" : "\n" };
}

/** Short values stand on one line. */
function oneLine(value: unknown): string {
  return JSON.stringify(value, undefined, 1).replace(/\n\s*/g, " ").replace(/\[ /g, "[").replace(/ \]/g, "]");
}

/** Objects are spread over lines, lists of short values are not. */
function pretty(text: string, value: unknown, indent: string): string {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return oneLine(value);
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const inner = indent + unitOf(text);
  const members = Object.entries(value).map(([key, each]) => `${inner}${JSON.stringify(key)}: ${pretty(text, each, inner)}`);
  return `{${eol}${members.join(`,${eol}`)}${eol}${indent}}`;
}
