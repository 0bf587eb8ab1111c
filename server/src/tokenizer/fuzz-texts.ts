import type { Random } from "../platform/random";

/** Atoms that tokenizers treat differently; a text is a random row of them. For tests and benchmarks. */
const atoms: readonly (readonly string[])[] = [
  [
    "a",
    "Z",
    "x",
    "_",
    "foo",
    "Bar",
    "getElementById",
    "self",
    "HTTP",
    "é",
    "ñ",
    "ß",
    "ſ",
    "İ",
    "Σ",
    "ж",
    "ك",
    "ह",
    "ก",
    "的",
    "日本",
    "한",
    "각",
    "ㅏ",
  ],
  [" ", "  ", "    ", "\t", "\n", "\r\n", "\r", "\n\n", "\u00a0", "\u0085", "\ufeff", "\u2028", "\u3000", "\u200b", "\v", "\f", "\u1680"],
  ["0", "7", "42", "1234567", "½", "²", "٣", "Ⅷ", "𝟘", "〇", "\u{11de0}", "0xFF", "1e-10"],
  ["'s", "'S", "'ll", "'LL", "'Ve", "'re", "'d", "'ſ", "'", "’s", "'t", "I'm"],
  [
    ".",
    ",",
    "::",
    "->",
    "=>",
    "//",
    "/*",
    "*/",
    "(",
    ")",
    "{",
    "}",
    "[",
    "];",
    '"',
    "`",
    "${",
    "#",
    "@",
    "!=",
    "...",
    "——",
    "「",
    "¿",
    "€",
    "±",
    "^",
    "|",
    "~",
  ],
  [
    "\u0301",
    "\u0323",
    "e\u0301",
    "e\u0323\u0301",
    "e\u0301\u0323",
    "\u212b",
    "\u1100\u1161\u11a8",
    "\u0958",
    "\u0344",
    "क\u093c",
    "o\u0308\u0304",
    "\u1e9b\u0323",
  ],
  ["😀", "👩‍👩‍👧", "🏳️‍🌈", "🇩🇪", "𝒳", "𠮷", "\u{1f9ff}", "\u{e0001}", "\u{10ffff}", "\u{50000}"],
  ["\ud800", "\udc00", "\ud83d", "\ufffd", "\uffff", "\u0000", "\u0001", "\u007f", "\u00ad"],
  ["<|endoftext|>", "<|im_start|>", "<|endof", "text|>", "<s>", "</s>", "<fim_prefix>", "õ", "þ", "<|end_of_text|>", "<unk>"],
  ["__proto__", "constructor", "hasOwnProperty", "toString"],
];

/** One text of up to about `length` atoms; often with runs of one atom, as in indentation, rules and minified data. */
export function fuzzText(random: Random, length: number): string {
  let text = "";
  const groups = atoms.length;
  for (let count = 1 + random.int(length); count > 0; count--) {
    const atom = random.pick(atoms[random.int(groups)]!);
    text += random.int(12) === 0 ? atom.repeat(1 + random.int(12)) : atom;
  }
  return text;
}

/** A one-line file without a space: one piece of many kilobytes. */
export function minifiedText(random: Random, length: number): string {
  const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  return Array.from({ length }, () => alphabet[random.int(alphabet.length)]).join("");
}
