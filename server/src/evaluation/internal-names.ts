import type { Random } from "../platform/random";
import type { DomainDocument } from "./domain-suites";
import { precedingText } from "./passages";
import type { ChoiceItem } from "./suites/suite-types";

/** A place in a file at which one of the repository's own names is used. */
export interface NameUse {
  readonly document: DomainDocument;
  readonly name: string;
  readonly at: number;
}

/** Whole words of at least five characters: shorter ones are chosen by habit, not by knowledge. */
const namePattern = /(?<![\p{L}\p{N}_$])[A-Za-z_][A-Za-z0-9_]{4,}(?![\p{L}\p{N}_$])/gu;
/** A name that was coined rather than found in a dictionary: a capital or an underscore inside. */
const coined = /[a-z][A-Z]|[A-Za-z0-9]_[A-Za-z0-9]/;
const distractors = 3;
/** A name that the training files use only once may be a typing error, and is hardly learned. */
const fewestUses = 2;
const mostUsesOfFile = 12;

/** Code in which a name is used, not prose or data about it. */
const codeLanguage = (language: string): boolean =>
  !/^(markdown|text|plaintext|restructuredtext|asciidoc|json|jsonc|yaml|toml|xml|html|csv|ini)$/i.test(language);

/** What stands before a name where a language declares it; members count with their modifiers or types. */
const declaration =
  /(?:\b(?:function|class|interface|type|enum|const|let|var|val|def|fn|struct|trait|mod|module|namespace|record|object|protocol|macro|static|public|private|protected|readonly|final|async|get|set|void|int|bool|boolean|string|float|double)|\bfunc(?: ?\([^)\n]*\))?|#define)[ \t*&]+$/;
const longestDeclaration = 60;

function isDeclared(text: string, at: number): boolean {
  return declaration.test(text.slice(Math.max(0, at - longestDeclaration), at));
}

/** Names that the training files declare, with their number of uses: names of libraries and of the language are none of the repository's. */
function harvestNames(documents: Iterable<DomainDocument>): Map<string, number> {
  const uses = new Map<string, number>();
  const declared = new Set<string>();
  for (const document of documents) {
    if (!codeLanguage(document.language)) continue;
    for (const match of document.text.matchAll(namePattern)) {
      const name = match[0];
      if (!coined.test(name)) continue;
      uses.set(name, (uses.get(name) ?? 0) + 1);
      if (!declared.has(name) && isDeclared(document.text, match.index)) declared.add(name);
    }
  }
  for (const name of uses.keys()) if (!declared.has(name)) uses.delete(name);
  return uses;
}

/** Names of one shape are alternatives of each other: a constant is not chosen against a function. */
function shapeOf(name: string): string {
  const bare = name.replace(/^_+/, "");
  const shape = /^[A-Z0-9_]+$/.test(bare) ? "CONSTANT" : bare.includes("_") ? "snake" : /^[A-Z]/.test(bare) ? "Pascal" : "camel";
  return `${shape}:${name.startsWith("_") ? "_" : ""}`;
}

/** The repository's own names, and choices between them at their places of use. */
export class InternalNames {
  private readonly uses: ReadonlyMap<string, number>;
  /** By shape, shortest first. */
  private readonly byShape = new Map<string, string[]>();

  constructor(train: Iterable<DomainDocument>) {
    this.uses = harvestNames(train);
    for (const name of [...this.uses.keys()].sort((a, b) => a.length - b.length || (a < b ? -1 : 1))) {
      const shape = shapeOf(name);
      const names = this.byShape.get(shape);
      if (names === undefined) this.byShape.set(shape, [name]);
      else names.push(name);
    }
  }

  /** First uses, in a file, of names that the training files use too; a seeded choice of at most twelve. */
  usesIn(document: DomainDocument, random: Random): readonly NameUse[] {
    if (!codeLanguage(document.language)) return [];
    const found = new Map<string, NameUse>();
    for (const match of document.text.matchAll(namePattern)) {
      const name = match[0];
      if (found.has(name) || (this.uses.get(name) ?? 0) < fewestUses) continue;
      const [first, end] = this.alike(name);
      if (end - first > distractors) found.set(name, { document, name, at: match.index });
    }
    return random.shuffle([...found.values()]).slice(0, mostUsesOfFile);
  }

  /**
   * The right name against three others of the same shape and about the same length. The character after the name belongs to every
   * answer, so that none wins by being the beginning of another.
   */
  item({ document, name, at }: NameUse, header: string, contextBytes: number, random: Random): ChoiceItem {
    const after = nextCharacter(document.text, at + name.length);
    return {
      kind: "choice",
      id: `${document.path}:${at}`,
      cluster: document.path,
      context: header + precedingText(document.text, at, contextBytes),
      right: name + after,
      wrong: this.pickDistractors(name, random).map((other) => other + after),
    };
  }

  /** Range of the names of one shape that are about as long, the name itself among them. */
  private alike(name: string): readonly [number, number] {
    const names = this.byShape.get(shapeOf(name)) ?? [];
    const slack = Math.max(3, Math.floor(name.length / 3));
    return [firstOfLength(names, name.length - slack), firstOfLength(names, name.length + slack + 1)];
  }

  private pickDistractors(name: string, random: Random): readonly string[] {
    const names = this.byShape.get(shapeOf(name)) ?? [];
    const [first, end] = this.alike(name);
    const picked = new Set<string>();
    while (picked.size < distractors) {
      const other = names[first + random.int(end - first)]!;
      if (other !== name) picked.add(other);
    }
    return [...picked];
  }
}

/** Index of the first name of at least this length; names are sorted by length. */
function firstOfLength(names: readonly string[], length: number): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (names[middle]!.length < length) low = middle + 1;
    else high = middle;
  }
  return low;
}

function nextCharacter(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? "\n" : String.fromCodePoint(code);
}
