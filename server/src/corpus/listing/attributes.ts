import { MidtrainError } from "@midtrain/protocol/errors";
import { splitAtNul } from "./git";
import type { PathName } from "./path-names";

export type AttributeState = "set" | "unset" | "unspecified";

/** Attributes that decide something about a file, as git itself resolves them. */
export interface FileAttributes {
  readonly generated: AttributeState;
  readonly vendored: AttributeState;
  readonly documentation: AttributeState;
  readonly binary: AttributeState;
  /** `midtrain=off` or `-midtrain`: do not train on it ("unset"). */
  readonly midtrain: AttributeState;
  readonly exportIgnore: AttributeState;
  readonly detectable: AttributeState;
  readonly text: AttributeState | "auto";
  /** linguist-language and working-tree-encoding, filter: their values. */
  readonly language?: string;
  readonly encoding?: string;
  readonly filter?: string;
}

export const noAttributes: FileAttributes = {
  generated: "unspecified",
  vendored: "unspecified",
  documentation: "unspecified",
  binary: "unspecified",
  midtrain: "unspecified",
  exportIgnore: "unspecified",
  detectable: "unspecified",
  text: "unspecified",
};

/**
 * What git does to a file between the object store and the working tree.
 * "by-config": only what `core.autocrlf` says; "line-ends": both sides have equal size only if they are equal; "opaque": no telling.
 */
export type Conversion = "none" | "by-config" | "line-ends" | "opaque";

/** Answers about one path; equal answers are one object. */
export interface PathAttributes {
  readonly attributes: FileAttributes;
  readonly conversion: Conversion;
}

export const nothingSet: PathAttributes = { attributes: noAttributes, conversion: "by-config" };

/** Every attribute that is used here. A file of attributes that holds none of these words changes nothing. */
export const attributeWords: readonly string[] = [
  "linguist-",
  "binary",
  "midtrain",
  "export-ignore",
  "text",
  "crlf",
  "eol",
  "ident",
  "filter",
  "working-tree-encoding",
];

function stateOf(value: string | undefined): AttributeState {
  if (value === "set" || value === "true") return "set";
  if (value === "unset" || value === "false") return "unset";
  return "unspecified";
}

function valueOf(value: string | undefined): string | undefined {
  return value === undefined || ["set", "unset", "unspecified", ""].includes(value) ? undefined : value;
}

/** `crlf` is the old name of `text`. */
function textOf(values: ReadonlyMap<string, string>): AttributeState | "auto" {
  const text = values.get("text");
  if (text === "auto") return "auto";
  if (text !== undefined) return stateOf(text);
  const crlf = values.get("crlf");
  return crlf === "input" ? "set" : stateOf(crlf);
}

function conversionOf(values: ReadonlyMap<string, string>): Conversion {
  const isOn = (name: string): boolean => !["unset", "unspecified", undefined].includes(values.get(name));
  if (isOn("filter") || isOn("ident") || isOn("working-tree-encoding")) return "opaque";
  const text = textOf(values);
  if (text === "unset") return "none";
  return text !== "unspecified" || isOn("eol") ? "line-ends" : "by-config";
}

/** What the attributes that are set on a path (`name -> value`, as `git check-attr` words them) mean. */
function pathAttributes(values: ReadonlyMap<string, string>): PathAttributes {
  const language = valueOf(values.get("linguist-language"));
  const encoding = valueOf(values.get("working-tree-encoding"));
  const filter = valueOf(values.get("filter"));
  const midtrain = values.get("midtrain");
  return {
    attributes: {
      generated: stateOf(values.get("linguist-generated")),
      vendored: stateOf(values.get("linguist-vendored")),
      documentation: stateOf(values.get("linguist-documentation")),
      binary: stateOf(values.get("binary")),
      midtrain: midtrain === "off" ? "unset" : midtrain === "on" ? "set" : stateOf(midtrain),
      exportIgnore: stateOf(values.get("export-ignore")),
      detectable: stateOf(values.get("linguist-detectable")),
      text: textOf(values),
      ...(language === undefined ? {} : { language }),
      ...(encoding === undefined ? {} : { encoding }),
      ...(filter === undefined ? {} : { filter }),
    },
    conversion: conversionOf(values),
  };
}

/** Attributes of a path, each as `name=value`, sorted and joined: the key under which equal answers are one. */
export type AttributeKey = string;

export function parseAttributeKey(key: AttributeKey): PathAttributes {
  if (key === "") return nothingSet;
  const pairs = key.split("\n").map((pair): [string, string] => {
    const equals = pair.indexOf("=");
    return [pair.slice(0, equals), pair.slice(equals + 1)];
  });
  return pathAttributes(new Map(pairs));
}

function isOurs(name: string): boolean {
  return name.startsWith("linguist-") || attributeWords.includes(name);
}

function rawName(name: PathName): string {
  return (name.bytes ?? Buffer.from(name.path, "utf8")).toString("latin1");
}

/**
 * Answers of `git check-attr -z -a --stdin`: triples of path, attribute and value, only for attributes that are set, in the order of the questions.
 * @returns one key per question.
 */
export function parseAttributeAnswers(output: Buffer, questions: readonly PathName[]): AttributeKey[] {
  const keys = questions.map((): AttributeKey => "");
  const fields = splitAtNul(output);
  let question = -1;
  let pairs: string[] = [];
  let path: Buffer | undefined;
  const finish = (): void => {
    if (question >= 0) keys[question] = pairs.sort().join("\n");
    pairs = [];
  };
  for (let at = 0; at + 2 < fields.length; at += 3) {
    if (path === undefined || !path.equals(fields[at]!)) {
      finish();
      path = fields[at]!;
      question = nextQuestion(questions, question + 1, path);
    }
    const name = fields[at + 1]!.toString("utf8");
    if (isOurs(name)) pairs.push(`${name}=${fields[at + 2]!.toString("utf8").replaceAll("\n", " ")}`);
  }
  finish();
  return keys;
}

function nextQuestion(questions: readonly PathName[], from: number, path: Buffer): number {
  const raw = path.toString("latin1");
  const isAscii = !/[\x80-\xff]/.test(raw);
  let at = from;
  while (at < questions.length && (isAscii ? questions[at]!.path !== raw : rawName(questions[at]!) !== raw)) at++;
  if (at < questions.length) return at;
  throw new MidtrainError({
    reason: "environment",
    message: "git check-attr answered about a path that it was not asked about.",
    where: raw,
    next: "Update git, and report this with its version.",
  });
}
