/** What kind of name stands in code, judged from the text around it: the lexer's judgement, for whole repositories. */
import type { TermKind } from "@midtrain/protocol/tokens";

export type NameShape = "constant" | "capitalised" | "plain";

const constantShape = /^_*[A-Z][A-Z0-9]*(?:_+[A-Z0-9]+)*_*$/;
const pascalShape = /^_*\p{Lu}[\p{L}\p{N}]*\p{Ll}[\p{L}\p{N}_]*$/u;

export function nameShape(term: string): NameShape {
  if (constantShape.test(term)) return "constant";
  return pascalShape.test(term) ? "capitalised" : "plain";
}

const declaresType = /\b(?:class|struct|interface|enum|trait|protocol|type|record|union|newtype|typedef|actor)\s+$/;
const declaresFunction = /\b(def|fn|func|function\*?|fun|sub|proc|method|defp|defmacro|Sub|Function)\s+(?:[\w.:<>]*[.:])?$/;
const exportsName =
  /\b(?:export\s+(?:default\s+)?(?:async\s+)?(?:const|let|var|function\*?)|pub(?:\([\w:]+\))?\s+(?:async\s+|unsafe\s+|const\s+)*(?:fn|static))\s+$/;
const hidden = /\b(?:private|protected|local|static|defp)\b/;
const wordBefore = /([\p{L}_][\p{L}\p{N}_]*)\s+$/u;
/** Words before a name that opens a call; any other word there is a type, so the name is declared. */
const beforeCall = new Set(
  "return else await case in of not and or yield do then throw raise when if unless while until go defer print echo assert is as new".split(
    " ",
  ),
);
/** Their functions are capitalised; a capitalised call elsewhere makes a value of a type. */
const capitalisedFunctions = new Set(["go", "csharp", "vb", "pascal", "powershell", "fortran", "vhdl", "ada", "cmake", "c"]);
/** A definition without a word for it: `int count(struct list *l)`. */
const typedDefinitions = new Set([
  "c",
  "cpp",
  "cuda-cpp",
  "objective-c",
  "objective-cpp",
  "java",
  "csharp",
  "groovy",
  "dart",
  "d",
  "wgsl",
  "solidity",
]);
/** What is defined is seen from other files unless it says otherwise. */
const exportedByDefault = new Set(["python", "ruby", "php", "kotlin", "scala", "perl", "lua", "elixir", "r", "julia", "c", "objective-c"]);

/**
 * - `constant`: capitals, digits and underscores only (`MAX_RETRIES`);
 * - `api-name`: called (`client.fetchAll(`, `parse(`), or defined for others to call (`export function`, `pub fn`, `public`,
 *   `func Upper(` of Go, a `def` of Python without a leading underscore);
 * - `type`: declared after class, struct, interface, …, or capitalised with small letters in it (`RetryQueue`);
 * - `identifier`: every other name.
 */
export function nameKind(text: string, term: string, start: number, end: number, shape: NameShape, language: string): TermKind {
  if (shape === "constant") return "constant";
  const called = opensCall(text, end);
  if (!called) {
    const before = mayBeDeclared(text, start) ? text.slice(Math.max(0, start - 32), start) : "";
    if (before !== "" && exportsName.test(before)) return "api-name";
    return shape === "capitalised" || (before !== "" && declaresType.test(before)) ? "type" : "identifier";
  }
  return calledKind(text, term, start, shape, language);
}

function calledKind(text: string, term: string, start: number, shape: NameShape, language: string): TermKind {
  if (isMember(text, start)) return "api-name";
  const line = text.slice(Math.max(text.lastIndexOf("\n", start - 1) + 1, start - 80), start);
  const word = wordBefore.exec(line)?.[1];
  if (word !== undefined && declaresFunction.test(line)) return definedKind(term, line, language);
  if (word === "class" || word === "struct" || word === "record" || word === "enum" || word === "new") return "type";
  const declared = typedDefinitions.has(language) && (word === undefined ? /[\w>\]] *[*&]+\s*$/.test(line) : !beforeCall.has(word));
  if (declared) return definedKind(term, line, language);
  return shape === "capitalised" && !capitalisedFunctions.has(language) ? "type" : "api-name";
}

function definedKind(term: string, line: string, language: string): TermKind {
  if (/\b(?:export|pub|public|open)\b/.test(line)) return "api-name";
  if (hidden.test(line)) return "identifier";
  if (language === "go") return /^\p{Lu}/u.test(term) ? "api-name" : "identifier";
  return exportedByDefault.has(language) && !term.startsWith("_") ? "api-name" : "identifier";
}

/** Words that `exportsName` and `declaresType` end with: first and last letter and length of each. */
const declaring = new Set(
  "class struct interface enum trait protocol type record union newtype typedef actor const let var function fn static"
    .split(" ")
    .map((word) => wordKey(word.charCodeAt(0), word.charCodeAt(word.length - 1), word.length)),
);

function wordKey(first: number, last: number, length: number): number {
  return (first << 16) | (last << 8) | length;
}

/** Whether one space, and before it what may be a word that declares, stand before the name: nearly always not, and then no pattern is asked. */
function mayBeDeclared(text: string, start: number): boolean {
  const before = text.charCodeAt(start - 1);
  if (before !== 32 && before !== 9) return false;
  const last = text.charCodeAt(start - 2);
  if (last === 42) return true;
  let at = start - 2;
  while (at >= 0 && isLetter(text.charCodeAt(at))) at--;
  return declaring.has(wordKey(text.charCodeAt(at + 1), last, start - 2 - at));
}

function isLetter(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90);
}

/** `.name`, `?.name`, `->name`, `::name`; not the `..` of a spread or a range. */
function isMember(text: string, start: number): boolean {
  let at = start - 1;
  while (at >= 0 && isSpace(text.charCodeAt(at))) at--;
  const last = text[at];
  if (last === ".") return text[at - 1] !== ".";
  if (last === ">") return text[at - 1] === "-";
  return last === ":" && text[at - 1] === ":";
}

const genericCall = /<[\w\s,.:&'[\]<>?]{1,60}>\s*\(/y;

/** `name(`, `name!(` of Rust, `name::<T>(`, `name<T>(`. */
function opensCall(text: string, end: number): boolean {
  let at = end;
  while (text.charCodeAt(at) === 32) at++;
  const next = text.charCodeAt(at);
  if (next === 40) return true;
  if (next === 33) return text.charCodeAt(at + 1) === 40 || text.charCodeAt(at + 1) === 91;
  if (next === 58) return text.startsWith("::<", at);
  if (next !== 60) return false;
  genericCall.lastIndex = at;
  return genericCall.test(text);
}

function isSpace(unit: number): boolean {
  return unit === 32 || (unit >= 9 && unit <= 13);
}
