/** A stretch of code inside prose; `language` as the fence names it. */
export interface CodeStretch {
  readonly start: number;
  readonly end: number;
  readonly language?: string;
}

const fenceNames: Readonly<Record<string, string>> = {
  ts: "typescript",
  tsx: "typescriptreact",
  js: "javascript",
  jsx: "javascriptreact",
  mjs: "javascript",
  py: "python",
  python3: "python",
  rs: "rust",
  golang: "go",
  "c++": "cpp",
  cs: "csharp",
  "c#": "csharp",
  rb: "ruby",
  sh: "shellscript",
  bash: "shellscript",
  zsh: "shellscript",
  shell: "shellscript",
  console: "shellscript",
  kt: "kotlin",
  hs: "haskell",
  ex: "elixir",
  exs: "elixir",
  ps1: "powershell",
  docker: "dockerfile",
  hcl: "terraform",
  proto: "proto3",
  jl: "julia",
  objc: "objective-c",
  make: "makefile",
  ml: "ocaml",
  clj: "clojure",
  pl: "perl",
};

const code = /^([ \t]*)(`{3,}|~{3,})[ \t]*([\w+#.-]*)[^\n]*\n([\s\S]*?)(?:^[ \t]*\2[ \t]*$|(?![\s\S]))|(?<!`)`([^`\n]+)`(?!`)/gm;

/** Fenced blocks and code spans of Markdown, in order. */
export function markdownCode(text: string): CodeStretch[] {
  const stretches: CodeStretch[] = [];
  for (const match of text.matchAll(code)) {
    const [all, , , fence, block, span] = match;
    if (span !== undefined) stretches.push({ start: match.index + 1, end: match.index + 1 + span.length });
    else {
      const start = match.index + all.indexOf("\n") + 1;
      const name = fence!.toLowerCase();
      stretches.push({ start, end: start + block!.length, ...(name === "" ? {} : { language: fenceNames[name] ?? name }) });
    }
  }
  return stretches;
}
