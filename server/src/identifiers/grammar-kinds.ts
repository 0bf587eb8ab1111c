/** Kinds of names by the syntax tree: for the open document, and for a sample of a repository. */
import type { TermKind } from "@midtrain/protocol/tokens";
import type { Tree, TreeCursor } from "web-tree-sitter";
import type { TermOccurrence } from "./extract-terms";
import { hasGrammar, parseTree } from "./grammars";

/** Longer texts keep the lexer's kinds: a tree costs about 0.3 s a megabyte. UTF-16 units. */
const longestText = 1_000_000;

/**
 * Kinds of the terms of a text, in their order; where the tree has no name at the place, the lexer's. Names that the lexer
 * calls constant, path, service or configuration key keep that. Undefined where no grammar is at hand.
 */
export async function grammarKinds(
  text: string,
  language: string,
  terms: readonly TermOccurrence[],
): Promise<readonly TermKind[] | undefined> {
  if (!hasGrammar(language) || text.length > longestText) return undefined;
  const tree = await parseTree(text, language);
  if (tree === undefined) return undefined;
  try {
    const found = kindsByPlace(tree, text, language);
    return terms.map(({ kind, start, term }) => {
      const named = kind === "identifier" || kind === "type" || kind === "api-name";
      const leaf = named ? found.get(start) : undefined;
      if (leaf === undefined || leaf.end - start !== term.length) return kind;
      // A tree knows types by their place; a capitalised name elsewhere (an import, `Queue.empty`) is one by its shape.
      return leaf.kind === "identifier" && kind === "type" ? "type" : leaf.kind;
    });
  } finally {
    tree.delete();
  }
}

interface NamedLeaf {
  readonly end: number;
  readonly kind: TermKind;
}

const nameTypes =
  /^(?:identifier|(?:type|field|property|namespace|package|shorthand_property|shorthand_field|private_property|statement)_?identifier\w*|name|constant|word|variable_name|command_name|simple_name|variable|type_name|member_name|(?:instance|class|global)_variable)$/;

/** A node on the way from the root to the leaf, with the field of its parent that it is. */
interface Level {
  readonly type: string;
  readonly field: string | null;
  readonly start: number;
  readonly end: number;
}

/** Deeper leaves keep the lexer's kind: such depth is data, or broken. */
const deepest = 300;

/** Every leaf that is a name, by the place at which it starts. Only the way to a leaf is kept, so the time is that of the walk. */
function kindsByPlace(tree: Tree, text: string, language: string): ReadonlyMap<number, NamedLeaf> {
  const leaves = new Map<number, NamedLeaf>();
  const cursor = tree.walk();
  const way: Level[] = [];
  const here = (): Level => ({
    type: cursor.nodeType,
    field: cursor.currentFieldName,
    start: cursor.startIndex,
    end: cursor.endIndex,
  });
  try {
    walkLeaves(cursor, {
      enter: () => way.push(here()),
      leave: () => void way.pop(),
      leaf: () => {
        if (way.length > deepest || !nameTypes.test(cursor.nodeType)) return;
        const leaf = here();
        leaves.set(leaf.start, { end: leaf.end, kind: leafKind(way, leaf, text, language) });
      },
    });
  } finally {
    // A cursor that outlives its tree breaks the library.
    cursor.delete();
  }
  return leaves;
}

interface Visitor {
  readonly enter: () => void;
  readonly leave: () => void;
  readonly leaf: () => void;
}

/** Visits the nodes in order without recursion. */
function walkLeaves(cursor: TreeCursor, { enter, leave, leaf }: Visitor): void {
  for (;;) {
    enter();
    if (cursor.gotoFirstChild()) continue;
    leave();
    leaf();
    while (!cursor.gotoNextSibling()) {
      if (!cursor.gotoParent()) return;
      leave();
    }
  }
}

const memberTypes =
  /^(?:member_expression|field_expression|attribute|selector_expression|scoped_identifier|member_access_expression|qualified_identifier|nullsafe_member_expression|qualified_name|conditional_access_expression|member_binding_expression)$/;
const genericTypes = /^(?:generic_function|generic_name|template_function)$/;
const callTypes =
  /^(?:call_expression|call|invocation_expression|method_invocation|macro_invocation|function_call_expression|member_call_expression|nullsafe_member_call_expression|scoped_call_expression|command|decorator|invokation_expression)$/;
const functionTypes =
  /^(?:function_(?!declarator|expression)\w+|method_\w+|generator_function\w*|method|singleton_method|macro_definition|constructor_declaration|local_function_statement|abstract_method_signature)$/;
const typeTypes =
  /^(?:class|class_\w+|struct_\w+|interface_declaration|enum_declaration|enum_item|enum_specifier|trait_\w+|type_alias_declaration|type_item|type_spec|union_\w+|record_declaration|module|delegate_declaration)$/;
const creationTypes =
  /^(?:new_expression|object_creation_expression|base_list|superclass|class_heritage|extends_clause|type_argument_list|cast_expression)$/;
/** A capitalised call makes a value where functions are written small. */
const smallFunctions = new Set(["python", "javascript", "typescript", "typescriptreact", "javascriptreact", "rust", "java"]);

/** @param way from the root to the leaf's parent. */
function leafKind(way: readonly Level[], leaf: Level, text: string, language: string): TermKind {
  if (leaf.type === "type_identifier") return "type";
  let depth = way.length - 1;
  let name = leaf;
  // The last part of a.b.c stands for the whole.
  while (depth >= 0 && standsFor(way[depth]!, name)) name = way[depth--]!;
  const parent = way[depth];
  if (parent === undefined) return "identifier";
  if (callTypes.test(parent.type) && isCallee(parent, name)) {
    const spelled = text.slice(leaf.start, leaf.end);
    return name === leaf && smallFunctions.has(language) && /^_*\p{Lu}[\p{L}\p{N}]*\p{Ll}/u.test(spelled) ? "type" : "api-name";
  }
  if (typeTypes.test(parent.type) && name.field === "name") return "type";
  if (creationTypes.test(parent.type) || /^(?:type|return_type|returns)$/.test(name.field ?? "")) return "type";
  if (leaf.type === "constant" && language === "ruby") return "type";
  const definition = definitionDepth(way, depth, name);
  if (definition !== undefined) return isExported(way, definition, leaf, text, language) ? "api-name" : "identifier";
  const isExportedVariable = parent.type === "variable_declarator" && name.field === "name" && way[depth - 2]?.type === "export_statement";
  return isExportedVariable ? "api-name" : "identifier";
}

function standsFor(member: Level, name: Level): boolean {
  return memberTypes.test(member.type) ? member.end === name.end : genericTypes.test(member.type) && member.start === name.start;
}

function isCallee(call: Level, { field, start }: Level): boolean {
  return /^(?:function|name|method|macro)$/.test(field ?? "") || (field === null && start === call.start);
}

/** Depth of the definition whose name this is; in C the name lies inside declarators. */
function definitionDepth(way: readonly Level[], depth: number, name: Level): number | undefined {
  const parent = way[depth]!;
  if (functionTypes.test(parent.type) && name.field === "name") return depth;
  if (parent.type !== "function_declarator" || name.field !== "declarator") return undefined;
  let outer = depth - 1;
  while (outer >= 0 && way[outer]!.type.endsWith("declarator")) outer--;
  return outer < 0 ? undefined : outer;
}

/** What stands before the name says who may call it; that much is read. */
const longestHead = 300;

function isExported(way: readonly Level[], depth: number, leaf: Level, text: string, language: string): boolean {
  const definition = way[depth]!;
  const head = text.slice(Math.max(definition.start, leaf.start - longestHead), leaf.start);
  const name = text.slice(leaf.start, leaf.end);
  if (/\b(?:private|protected)\b/.test(head)) return false;
  switch (language) {
    case "go":
      return /^\p{Lu}/u.test(name);
    case "rust":
      return /\bpub\b/.test(head);
    case "java":
    case "csharp":
      return /\bpublic\b/.test(head) || way[depth - 2]?.type === "interface_declaration";
    case "c":
    case "cpp":
      return !/\bstatic\b/.test(head);
    case "javascript":
    case "typescript":
    case "javascriptreact":
    case "typescriptreact":
      return way[depth - 1]?.type === "export_statement" || /^(?:abstract_)?method/.test(definition.type);
    default:
      return !name.startsWith("_");
  }
}
