/** A file that is imported, as the importing file names it. Found by the shape of lines, not by a parser: what is missed costs nearness, nothing else. */
export type ImportStatement =
  | { readonly kind: "script"; readonly name: string }
  | { readonly kind: "python"; readonly level: number; readonly module: string; readonly names: readonly string[] }
  | { readonly kind: "include"; readonly name: string; readonly quoted: boolean }
  | { readonly kind: "go"; readonly name: string }
  | { readonly kind: "java"; readonly name: string }
  | { readonly kind: "rust-module"; readonly name: string }
  | { readonly kind: "rust-use"; readonly path: readonly string[] };

export type ImportFamily = "script" | "python" | "c" | "go" | "java" | "rust";

const families: readonly (readonly [ImportFamily, RegExp])[] = [
  ["script", /\.(?:[cm]?[jt]sx?|vue|svelte)$/i],
  ["python", /\.(?:pyi?|pyx)$/i],
  ["c", /\.(?:c|cc|cpp|cxx|c\+\+|h|hh|hpp|hxx|inl|ipp|tpp|cu|cuh|m|mm)$/i],
  ["go", /\.go$/i],
  ["java", /\.(?:java|kt|kts|scala|groovy)$/i],
  ["rust", /\.rs$/i],
];

export function importFamily(path: string): ImportFamily | undefined {
  return families.find(([, extension]) => extension.test(path))?.[0];
}

export function importStatements(family: ImportFamily, text: string): ImportStatement[] {
  switch (family) {
    case "script":
      return scriptImports(text);
    case "python":
      return pythonImports(text);
    case "c":
      return [...text.matchAll(/^[ \t]*#[ \t]*(?:include|import)[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)/gm)].map(([, quoted, angled]) => ({
        kind: "include",
        name: (quoted ?? angled)!,
        quoted: quoted !== undefined,
      }));
    case "go":
      return goImports(text);
    case "java":
      return [...text.matchAll(/^[ \t]*import[ \t]+(?:static[ \t]+)?(\w+(?:\.\w+)*(?:\.\*)?)/gm)].map(([, name]) => ({
        kind: "java",
        name: name!,
      }));
    case "rust":
      return rustImports(text);
  }
}

const scriptShapes = [
  // import x, { y } from "z"; export * from "z"; the braces may span lines.
  /^[ \t]*(?:import|export)\b[^"'`;]{0,2000}?\bfrom[ \t]*["']([^"'\n]+)["']/gm,
  /^[ \t]*import[ \t]*["']([^"'\n]+)["']/gm,
  /\b(?:require|import)[ \t]*\([ \t\n]*["']([^"'\n]+)["'][ \t\n]*\)/g,
];

function scriptImports(text: string): ImportStatement[] {
  const names = scriptShapes.flatMap((shape) => [...text.matchAll(shape)].map(([, name]) => name!));
  return names.map((name) => ({ kind: "script", name }));
}

function pythonImports(text: string): ImportStatement[] {
  const found: ImportStatement[] = [];
  for (const [, dots, module, list] of text.matchAll(/^[ \t]*from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)/gm)) {
    const names = list!
      .replace(/#[^\n]*/g, "")
      .replace(/[()\\]/g, " ")
      .split(",")
      .map((part) => part.trim().split(/\s+/)[0]!)
      .filter((name) => /^\w+$/.test(name));
    found.push({ kind: "python", level: dots!.length, module: module!, names });
  }
  for (const [, list] of text.matchAll(/^[ \t]*import[ \t]+([\w., \t]+)/gm)) {
    for (const part of list!.split(",")) {
      const module = part.trim().split(/\s+/)[0]!;
      if (module !== "") found.push({ kind: "python", level: 0, module, names: [] });
    }
  }
  return found;
}

function goImports(text: string): ImportStatement[] {
  const single = [...text.matchAll(/^import[ \t]+(?:[\w.]+[ \t]+)?"([^"\n]+)"/gm)].map(([, name]) => name!);
  const blocks = [...text.matchAll(/^import[ \t]*\(([^)]*)\)/gm)].flatMap(([, block]) =>
    [...block!.matchAll(/^[ \t]*(?:[\w.]+[ \t]+)?"([^"\n]+)"/gm)].map(([, name]) => name!),
  );
  return [...single, ...blocks].map((name) => ({ kind: "go", name }));
}

function rustImports(text: string): ImportStatement[] {
  const modules = [...text.matchAll(/^[ \t]*(?:pub(?:\([^)]*\))?[ \t]+)?mod[ \t]+(?:r#)?(\w+)[ \t]*;/gm)].map(
    ([, name]): ImportStatement => ({ kind: "rust-module", name: name! }),
  );
  const uses = [...text.matchAll(/\b(crate|self|super)((?:::(?:r#)?\w+)+)/g)].map(([, root, rest]): ImportStatement => ({
    kind: "rust-use",
    path: [root!, ...rest!.replaceAll("r#", "").split("::").slice(1)],
  }));
  const trees = [...text.matchAll(/\buse[ \t]+(crate|self|super)((?:::\w+)*)::\{([^;]*)\}/g)].flatMap(([, root, rest, tree]) =>
    [...tree!.matchAll(/(?:^|[{,])\s*(\w+)/g)].map(([, name]): ImportStatement => ({
      kind: "rust-use",
      path: [root!, ...rest!.split("::").slice(1), name!],
    })),
  );
  return [...modules, ...uses, ...trees];
}
