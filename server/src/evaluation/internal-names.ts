import type { Random } from "../platform/random";
import type { DomainDocument } from "./domain-suites";
import { precedingText } from "./passages";
import type { ChoiceItem } from "./suites/suite-types";

export interface InternalNamesOptions {
  readonly train: Iterable<DomainDocument>;
  readonly header: (document: DomainDocument) => string;
  readonly contextBytes: number;
  readonly random: Random;
}

/** A name of at least five characters that shows it was made up here: a capital inside, an underscore, or a digit after a letter. */
const namePattern = /(?<![\p{L}\p{N}_$])[A-Za-z_][A-Za-z0-9_]{4,}(?![\p{L}\p{N}_$])/gu;
const coined = /[a-z][A-Z]|[A-Za-z0-9]_[A-Za-z0-9]/;
const distractors = 3;
/** A name used in fewer training files may be a typing error; one used in most of them is hardly a choice. */
const fewestUses = 2;
const mostItemsOfFile = 12;

/** Code in which a name is used, not prose about it. */
const codeLanguage = (language: string): boolean =>
  !/^(markdown|text|plaintext|restructuredtext|asciidoc|json|jsonc|yaml|toml|xml|html|csv|ini)$/i.test(language);

/** Names coined in the training files, with their number of uses. */
function harvestNames(documents: Iterable<DomainDocument>): Map<string, number> {
  const uses = new Map<string, number>();
  for (const document of documents) {
    if (!codeLanguage(document.language)) continue;
    for (const [name] of document.text.matchAll(namePattern)) if (coined.test(name)) uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  return uses;
}

/** Names of one shape are alternatives of each other: a constant is not chosen against a function. */
function shapeOf(name: string): string {
  const bare = name.replace(/^_+/, "");
  const shape = /^[A-Z0-9_]+$/.test(bare) ? "CONSTANT" : bare.includes("_") ? "snake" : /^[A-Z]/.test(bare) ? "Pascal" : "camel";
  return `${shape}:${name.startsWith("_") ? "_" : ""}`;
}

/**
 * Choice items at the places of use of the repository's own names in a file: the right name against three others of the same repository,
 * shape and about the same length. The character after the name belongs to every answer, so that none wins by being a prefix.
 */
export function internalNameItems(options: InternalNamesOptions): (document: DomainDocument) => readonly ChoiceItem[] {
  const { header, contextBytes, random } = options;
  const uses = harvestNames(options.train);
  const byShape = new Map<string, string[]>();
  for (const name of [...uses.keys()].sort()) {
    const shape = shapeOf(name);
    const names = byShape.get(shape);
    if (names === undefined) byShape.set(shape, [name]);
    else names.push(name);
  }
  return (document) => {
    if (!codeLanguage(document.language)) return [];
    const items: ChoiceItem[] = [];
    const asked = new Set<string>();
    for (const match of document.text.matchAll(namePattern)) {
      const name = match[0];
      if (asked.has(name) || (uses.get(name) ?? 0) < fewestUses) continue;
      const wrong = pickDistractors(name, byShape.get(shapeOf(name)) ?? [], random);
      if (wrong === undefined) continue;
      asked.add(name);
      const after = nextCharacter(document.text, match.index + name.length);
      items.push({
        kind: "choice",
        id: `${document.path}:${match.index}`,
        cluster: document.path,
        context: header(document) + precedingText(document.text, match.index, contextBytes),
        right: name + after,
        wrong: wrong.map((other) => other + after),
      });
    }
    return random.shuffle(items).slice(0, mostItemsOfFile);
  };
}

function nextCharacter(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? "\n" : String.fromCodePoint(code);
}

/** Undefined when the repository has too few names of this shape and length. */
function pickDistractors(name: string, names: readonly string[], random: Random): readonly string[] | undefined {
  const alike = names.filter((other) => other !== name && Math.abs(other.length - name.length) <= Math.max(3, name.length / 3));
  if (alike.length < distractors) return undefined;
  const picked = new Set<string>();
  while (picked.size < distractors) picked.add(random.pick(alike));
  return [...picked];
}
