/** Regular expressions of comments, strings, numbers and names that the families are put together from. Group `string`: content. */
export const comment = {
  slashes: "\\/\\/[^\\n]*",
  hash: "#[^\\n]*",
  /** In shells # opens a comment only at the start of a word. */
  shellHash: "(?<![\\w$\\\\{}&'\"])#[^\\n]*",
  /** `$#array` and `$#{…}` of Perl are no comments. */
  perlHash: "(?<!\\$)#[^\\n]*",
  dashes: "--[^\\n]*",
  semicolon: ";[^\\n]*",
  percent: "%[^\\n]*",
  bang: "![^\\n]*",
  block: "\\/\\*[\\s\\S]*?(?:\\*\\/|$)",
  lua: "--\\[(?<eq>=*)\\[[\\s\\S]*?(?:\\]\\k<eq>\\]|$)",
  powershell: "<#[\\s\\S]*?(?:#>|$)",
  coffee: "###(?!#)[\\s\\S]*?(?:###|$)",
  basic: "'[^\\n]*",
  ruby: "^=begin[\\s\\S]*?(?:^=end|$)",
  pod: "^=[a-z]\\w*[\\s\\S]*?(?:^=cut[^\\n]*|$)",
  vim: '^\\s*"[^\\n]*',
} as const;

export const literal = {
  double: '"(?<string>(?:[^"\\\\\\n]|\\\\[\\s\\S])*)"?',
  single: "'(?<string>(?:[^'\\\\\\n]|\\\\[\\s\\S])*)'?",
  doubleLong: '"(?<string>(?:[^"\\\\]|\\\\[\\s\\S])*)"?',
  singlePlain: "'(?<string>[^']*)'?",
  singleLong: "'(?<string>(?:[^'\\\\]|\\\\[\\s\\S])*)'?",
  singleSql: "'(?<string>(?:[^']|'')*)'?",
  character: "'(?:[^'\\\\\\n]|\\\\[^\\n'][^'\\n]{0,9}|\\\\')'",
  tripleDouble: '"""(?<string>[\\s\\S]*?)(?:"""|$)',
  tripleSingle: "'''(?<string>[\\s\\S]*?)(?:'''|$)",
  backtick: "`(?<string>[^`]*)`?",
  verbatim: '@"(?<string>(?:[^"]|"")*)"?',
  rawCpp: 'R"(?<delimiter>[^()\\\\\\s]{0,16})\\((?<string>[\\s\\S]*?)(?:\\)\\k<delimiter>"|$)',
  rawRust: '(?<![\\p{L}\\p{N}_])(?:b|c)?r(?<hashes>#*)"(?<string>[\\s\\S]*?)(?:"\\k<hashes>|$)',
  rawR: "(?<![\\p{L}\\p{N}_])[rR][\"'](?<dashes>-*)\\((?<string>[\\s\\S]*?)(?:\\)\\k<dashes>[\"']|$)",
  rawDart: "(?<![\\p{L}\\p{N}_])r(?<quote>'''|\"\"\"|'|\")(?<string>[\\s\\S]*?)(?:\\k<quote>|$)",
  quotedOcaml: "\\{(?<tag>[a-z_]*)\\|(?<string>[\\s\\S]*?)(?:\\|\\k<tag>\\}|$)",
  lineZig: "\\\\\\\\[^\\n]*",
  regexClojure: '#"(?:[^"\\\\]|\\\\[\\s\\S])*"?',
  regexGroovy: "(?<=[=(,~]\\s?)\\/(?![/*\\s])(?:[^/\\\\\\n]|\\\\[^\\n])*\\/",
  hereSingle: "@'\\r?\\n(?<string>[\\s\\S]*?)(?:\\n'@|$)",
  include: "#[ \\t]*include[ \\t]*<(?<string>[^>\\n]+)>",
  luaLong: "\\[(?<level>=*)\\[(?<string>[\\s\\S]*?)(?:\\]\\k<level>\\]|$)",
  cmakeLong: "#?\\[(?<level>=*)\\[(?<string>[\\s\\S]*?)(?:\\]\\k<level>\\]|$)",
  /** Quoted by a letter and a delimiter: `q(…)`, `%w[…]`, `m{…}`; a closed list, because the letters are names elsewhere. */
  percentWords: "%[qwis](?:\\([^)]*\\)?|\\[[^\\]]*\\]?|\\{[^}]*\\}?|<[^>]*>?)",
  perlWords:
    "(?<![\\p{L}\\p{N}_$@%&>:-])(?:q|qw|m|qr|tr|y)(?:\\([^)]*\\)?|\\[[^\\]]*\\]?|\\{[^}]*\\}?|\\/(?:[^/\\\\\\n]|\\\\[^\\n])*\\/)(?!\\s*=>)",
  perlReplace: "(?<![\\p{L}\\p{N}_$@%&>:-])s(?:\\/(?:[^/\\\\\\n]|\\\\[^\\n])*\\/(?:[^/\\\\\\n]|\\\\[^\\n])*\\/|\\{[^}]*\\}\\s*\\{[^}]*\\})",
} as const;

export const number = "(?<![\\p{L}_])\\d[\\w.]*";
export const numberQuoted = "(?<![\\p{L}_])\\d(?:[\\w.]|'(?=[0-9a-fA-F]))*";

export const name = {
  plain: "(?<name>[\\p{L}_][\\p{L}\\p{M}\\p{N}_]*)",
  dollar: "(?<name>[\\p{L}_$][\\p{L}\\p{M}\\p{N}_$\\u200c\\u200d]*)",
  primed: "(?<name>[\\p{L}_][\\p{L}\\p{M}\\p{N}_']*)",
  hyphened: "(?<name>[\\p{L}_][\\p{L}\\p{M}\\p{N}_-]*[\\p{L}\\p{M}\\p{N}_])",
} as const;

/** Colours look like ids. */
export const cssColour = "#[0-9a-fA-F]{3,8}\\b";
