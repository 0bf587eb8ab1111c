/** Kinds of names by the syntax tree: for the open document, and for a sample of a repository. */
import type { TermKind } from "@midtrain/protocol/tokens";
import type { Node, TreeCursor } from "web-tree-sitter";
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
    const found = kindsByPlace(tree.walk(), language);
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
  /^(?:identifier|(?:type|field|property|namespace|package|shorthand_property|shorthand_field|private_property|statement)_?identifier\w*|name|constant|word|variable_name|command_name|simple_name|variable|type_name|method_invocation_name|member_name|(?:instance|class|global)_variable)$/;

/** Every leaf that is a name, by the place at which it starts. */
function kindsByPlace(cursor: TreeCursor, language: string): ReadonlyMap<number, NamedLeaf> {
  const leaves = new Map<number, NamedLeaf>();
  walkLeaves(cursor, (type, start, end) => {
    if (nameTypes.test(type)) leaves.set(start, { end, kind: leafKind(cursor.currentNode, language) });
  });
  cursor.delete();
  return leaves;
}

/** Visits the leaves in order without recursion. */
export function walkLeaves(cursor: TreeCursor, visit: (type: string, start: number, end: number) => void): void {
  for (;;) {
    if (cursor.gotoFirstChild()) continue;
    visit(cursor.nodeType, cursor.startIndex, cursor.endIndex);
    while (!cursor.gotoNextSibling()) if (!cursor.gotoParent()) return;
  }
}

const memberTypes =
  /^(?:member_expression|field_expression|attribute|selector_expression|scoped_identifier|member_access_expression|qualified_identifier|generic_function|template_function|nullsafe_member_expression|qualified_name|conditional_access_expression|member_binding_expression|generic_name)$/;
const callTypes =
  /^(?:call_expression|call|invocation_expression|method_invocation|macro_invocation|function_call_expression|member_call_expression|nullsafe_member_call_expression|scoped_call_expression|command|decorator|invokation_expression)$/;
const functionTypes =
  /^(?:function_\w+|method_\w+|generator_function\w*|method|singleton_method|macro_definition|constructor_declaration|local_function_statement|function_item|function_signature_item|abstract_method_signature)$/;
const typeTypes =
  /^(?:class|class_\w+|struct_\w+|interface_declaration|enum_declaration|enum_item|enum_specifier|trait_\w+|type_alias_declaration|type_item|type_spec|union_\w+|record_declaration|module|delegate_declaration)$/;
const creationTypes =
  /^(?:new_expression|object_creation_expression|base_list|superclass|class_heritage|extends_clause|type_argument_list|cast_expression)$/;

function leafKind(leaf: Node, language: string): TermKind {
  if (leaf.type === "type_identifier") return "type";
  let name = leaf;
  let parent = leaf.parent;
  // The last part of a.b.c stands for the whole.
  while (parent !== null && memberTypes.test(parent.type) && parent.endIndex >= name.endIndex && isLastPart(parent, name)) {
    name = parent;
    parent = parent.parent;
  }
  if (parent === null) return "identifier";
  const field = fieldOf(parent, name);
  if (callTypes.test(parent.type) && isCallee(parent, name, field)) return isTypeCall(leaf, language) ? "type" : "api-name";
  if (typeTypes.test(parent.type) && field === "name") return "type";
  if (creationTypes.test(parent.type) || field === "type" || field === "return_type" || field === "returns")
    return field === "arguments" ? "identifier" : "type";
  if (leaf.type === "constant" && language === "ruby") return "type";
  const definition = definitionOf(parent, field);
  if (definition !== undefined) return isExported(definition, leaf.text, language) ? "api-name" : "identifier";
  return parent.type === "variable_declarator" && field === "name" && isExportStatement(parent) ? "api-name" : "identifier";
}

function fieldOf(parent: Node, child: Node): string | undefined {
  for (let index = 0; index < parent.childCount; index++)
    if (parent.child(index)?.id === child.id) return parent.fieldNameForChild(index) ?? undefined;
  return undefined;
}

function isLastPart(member: Node, name: Node): boolean {
  const last = member.namedChild(member.namedChildCount - 1);
  if (last?.id === name.id) return true;
  return (
    (member.type === "generic_function" || member.type === "generic_name" || member.type === "template_function") &&
    member.namedChild(0)?.id === name.id
  );
}

function isCallee(call: Node, name: Node, field: string | undefined): boolean {
  if (field === "function" || field === "name" || field === "method" || field === "macro") return true;
  return field === undefined && call.namedChild(0)?.id === name.id;
}

/** A capitalised call makes a value where functions are written small. */
function isTypeCall(leaf: Node, language: string): boolean {
  return (
    ["python", "javascript", "typescript", "typescriptreact", "javascriptreact", "rust", "java"].includes(language) &&
    leaf.parent !== null &&
    callTypes.test(leaf.parent.type) &&
    /^_*\p{Lu}[\p{L}\p{N}]*\p{Ll}/u.test(leaf.text)
  );
}

/** The definition whose name this is; in C the name lies inside declarators. */
function definitionOf(parent: Node, field: string | undefined): Node | undefined {
  if (functionTypes.test(parent.type) && parent.type !== "function_declarator" && field === "name") return parent;
  if (parent.type !== "function_declarator" || field !== "declarator") return undefined;
  let outer = parent.parent;
  while (outer !== null && /declarator$/.test(outer.type)) outer = outer.parent;
  return outer ?? undefined;
}

function isExportStatement(node: Node): boolean {
  const parent = node.parent?.parent ?? null;
  return node.parent?.type === "export_statement" || parent?.type === "export_statement";
}

function isExported(definition: Node, name: string, language: string): boolean {
  const head = definition.text.slice(0, Math.max(0, definition.text.indexOf(name)));
  if (/\b(?:private|protected|#)\b/.test(head)) return false;
  switch (language) {
    case "go":
      return /^\p{Lu}/u.test(name);
    case "rust":
      return /\bpub\b/.test(head);
    case "java":
    case "csharp":
      return /\bpublic\b/.test(head) || definition.parent?.parent?.type === "interface_declaration";
    case "c":
    case "cpp":
      return !/\bstatic\b/.test(head);
    case "javascript":
    case "typescript":
    case "javascriptreact":
    case "typescriptreact":
      return (
        definition.parent?.type === "export_statement" ||
        definition.type.startsWith("method") ||
        definition.type.startsWith("abstract_method")
      );
    default:
      return !name.startsWith("_");
  }
}
