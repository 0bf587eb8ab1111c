/** Control tokens that code models were pretrained with, found by their published spellings. A tokenizer that lacks them gets none. */
export interface ProbedTokenizer {
  encode(text: string, options?: { readonly special?: "parse" | "ordinary" }): Int32Array;
  tokenText(id: number): string;
}

interface ControlToken {
  readonly id: number;
  readonly content: string;
}

/** Marks before a file: StarCoder2 `<repo_name>R<file_sep>path⏎`, Qwen2.5-Coder `<|repo_name|>R⏎<|file_sep|>path⏎`, older ones `<reponame>R<filename>path⏎`. */
export interface FileMarks {
  readonly file: ControlToken;
  readonly repository: ControlToken | undefined;
}

/** Fill-in-the-middle (Bavarian 2207.14255): what stands before prefix, suffix and middle. */
export interface FillTokens {
  readonly prefix: ControlToken;
  readonly suffix: ControlToken;
  readonly middle: ControlToken;
  /** True for models that also know the suffix before the prefix; `begin`, `hole`, `end` (DeepSeek-Coder) has one order only. */
  readonly hasSuffixFirst: boolean;
}

export interface ModelTokens {
  readonly files: FileMarks | undefined;
  readonly fill: FillTokens | undefined;
  /** Control tokens that the tokenizer would also read in ordinary text, because they are added but not marked special. */
  readonly readInText: readonly string[];
}

const fileNames = ["file_sep", "file-sep", "filename"];
const repositoryNames = ["repo_name", "repo-name", "reponame"];
const fillNames = [
  { names: ["fim_prefix", "fim_suffix", "fim_middle"], hasSuffixFirst: true },
  { names: ["fim-prefix", "fim-suffix", "fim-middle"], hasSuffixFirst: true },
  { names: ["fim▁begin", "fim▁hole", "fim▁end"], hasSuffixFirst: false },
] as const;
const brackets = [
  ["<|", "|>"],
  ["<", ">"],
  ["<[", "]>"],
  ["<｜", "｜>"],
] as const;

export function modelTokens(tokenizer: ProbedTokenizer): ModelTokens {
  const file = firstOf(tokenizer, fileNames);
  const repository = file === undefined ? undefined : firstOf(tokenizer, repositoryNames);
  const files = file === undefined ? undefined : { file, repository };
  const fill = fillTokens(tokenizer);
  const used = [file, repository, fill?.prefix, fill?.suffix, fill?.middle].filter((token) => token !== undefined);
  const isRead = ({ content, id }: ControlToken): boolean => tokenizer.encode(content, { special: "ordinary" })[0] === id;
  return { files, fill, readInText: used.filter(isRead).map(({ content }) => content) };
}

/** A spelling that is one token and means itself. */
function tokenOf(tokenizer: ProbedTokenizer, content: string): ControlToken | undefined {
  const ids = tokenizer.encode(content);
  const id = ids[0];
  if (ids.length !== 1 || id === undefined || tokenizer.tokenText(id) !== content) return undefined;
  // A word of the vocabulary would not stay whole among letters.
  return tokenizer.encode(`a${content}a`).includes(id) ? { id, content } : undefined;
}

function firstOf(tokenizer: ProbedTokenizer, names: readonly string[]): ControlToken | undefined {
  for (const name of names) {
    for (const [open, close] of brackets) {
      const token = tokenOf(tokenizer, `${open}${name}${close}`);
      if (token !== undefined) return token;
    }
  }
  return undefined;
}

function fillTokens(tokenizer: ProbedTokenizer): FillTokens | undefined {
  for (const { names, hasSuffixFirst } of fillNames) {
    for (const [open, close] of brackets) {
      const [prefix, suffix, middle] = names.map((name) => tokenOf(tokenizer, `${open}${name}${close}`));
      if (prefix !== undefined && suffix !== undefined && middle !== undefined) return { prefix, suffix, middle, hasSuffixFirst };
    }
  }
  return undefined;
}
