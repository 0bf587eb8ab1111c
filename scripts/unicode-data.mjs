/**
 * Measures Unicode as the reference tokenizer library sees it (npm `tokenizers`, the test oracle) and writes it as
 * compact tables for the engine. Nothing is read from the JavaScript engine's own Unicode version.
 *
 *   node scripts/unicode-data.mjs            writes server/src/tokenizer/unicode-data.ts and unicode-mappings.ts
 *   node scripts/unicode-data.mjs --check    fails when they are not what the installed reference says
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const reference = require("tokenizers");
const { version } = require("tokenizers/package.json");
const room = join(fileURLToPath(new URL("..", import.meta.url)), "server", "src", "tokenizer");

const hangul = { first: 0xac00, end: 0xd7a4 };
const scalars = Array.from({ length: 0x110000 }, (_, point) => point).filter((point) => point < 0xd800 || point > 0xdfff);
const char = (point) => String.fromCodePoint(point);
const points = (text) => Array.from(text, (part) => part.codePointAt(0));

/** Spans, in code points, of what a pre-tokenizer leaves of a text. */
async function spans(preTokenizer, text) {
  const tokenizer = tokenizerWith(JSON.stringify(preTokenizer));
  return (await tokenizer.encode(text, null, { addSpecialTokens: false })).getOffsets();
}

const tokenizers = new Map();

/** A tokenizer of one unknown token a piece. */
function tokenizerWith(preTokenizer) {
  const known = tokenizers.get(preTokenizer);
  if (known) return known;
  const tokenizer = reference.Tokenizer.fromString(
    JSON.stringify({
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: [],
      normalizer: null,
      pre_tokenizer: JSON.parse(preTokenizer),
      post_processor: null,
      decoder: null,
      model: { type: "WordLevel", vocab: { "<unk>": 0 }, unk_token: "<unk>" },
    }),
  );
  tokenizers.set(preTokenizer, tokenizer);
  return tokenizer;
}

/** Code points for which `isMember(spans starting or ending at it)` holds, every one seen between two letters. */
async function membersBetween(preTokenizer, isMember) {
  const members = [];
  for (let from = 0; from < scalars.length; from += 1 << 15) {
    const part = scalars.slice(from, from + (1 << 15));
    const starts = new Map();
    for (const [start, end] of await spans(preTokenizer, part.map((point) => `a${char(point)}a `).join(""))) starts.set(start, end);
    members.push(...part.filter((_point, index) => isMember(starts, 4 * index + 1)));
  }
  return members;
}

/** Code points that a pre-tokenizer with behavior Removed takes out. */
async function removed(component) {
  const members = [];
  for (let from = 0; from < scalars.length; from += 1 << 16) {
    const part = scalars.slice(from, from + (1 << 16));
    const kept = new Uint8Array(part.length);
    for (const [start, end] of await spans({ behavior: "Removed", ...component }, part.map(char).join(""))) kept.fill(1, start, end);
    members.push(...part.filter((_point, index) => !kept[index]));
  }
  return members;
}

const regex = (Regex) => removed({ type: "Split", pattern: { Regex }, invert: false });

async function classes() {
  const out = {};
  const categories = ["Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po"];
  for (const name of [...categories, "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Co"]) out[name] = await regex(`\\p{${name}}`);
  for (const name of ["Han", "Hiragana", "Katakana", "Hangul", "Latin", "Greek", "Cyrillic", "Arabic", "Hebrew", "Thai", "Devanagari"])
    out[name] = await regex(`\\p{${name}}`);
  out.White_Space = await regex("\\s");
  out.RegexWord = await regex("\\w");
  out.Punctuation = await removed({ type: "Punctuation" });
  out.Numeric = await membersBetween({ type: "Digits", individual_digits: true }, (starts, at) => starts.get(at) === at + 1);
  out.Word = await membersBetween({ type: "Whitespace" }, (starts, at) => starts.get(at - 1) === at + 2);
  const strip = reference.stripAccentsNormalizer();
  out.CombiningMark = scalars.filter((point) => strip.normalizeString(`a${char(point)}`) === "a");
  const clean = reference.bertNormalizer({ cleanText: true, handleChineseChars: false, stripAccents: false, lowercase: false });
  out.BertRemoved = scalars.filter((point) => clean.normalizeString(`a${char(point)}b`) === "ab");
  const accents = reference.bertNormalizer({ cleanText: false, handleChineseChars: false, stripAccents: true, lowercase: false });
  const nfd = reference.nfdNormalizer();
  out.BertAccent = scalars.filter(
    (point) => nfd.normalizeString(char(point)) === char(point) && accents.normalizeString(`a${char(point)}`) === "a",
  );
  return { ...out, ...graphemes() };
}

/** A SentencePiece character map that replaces each of the keys: a double array with a block of 256 units per trie node. */
function charMap(keys, replacement) {
  const bytes = new TextEncoder();
  const units = [];
  const block = () => units.push(...new Array(256).fill(0)) / 256 - 1;
  const nodes = new Map([["", (block(), block())]]);
  units[0] = nodes.get("") << 18;
  for (const key of keys) {
    const path = bytes.encode(key);
    for (let length = 1, name = ""; length <= path.length; length++) {
      const from = nodes.get(name);
      name += `,${path[length - 1]}`;
      if (!nodes.has(name)) nodes.set(name, block());
      const at = from * 256 + path[length - 1];
      const leaf = length === path.length ? 1 << 8 : units[at] & (1 << 8);
      units[at] = (((at ^ (nodes.get(name) * 256)) << 10) | leaf | path[length - 1]) >>> 0;
    }
  }
  const blob = new Uint8Array(4 + 4 * units.length);
  const view = new DataView(blob.buffer);
  view.setUint32(0, 4 * units.length, true);
  units.forEach((unit, index) => view.setUint32(4 + 4 * index, unit, true));
  return reference.precompiled([...blob, ...bytes.encode(`${replacement}\0`)]);
}

/**
 * What the segmentation into grapheme clusters asks of a code point, seen through a normalizer that replaces a short
 * cluster by what its first character maps to (the reference's Precompiled): what vanishes was in one cluster.
 */
function graphemes() {
  const a = charMap(["a"], "X");
  const copyright = charMap(["\u00a9"], "X");
  const ta = charMap(["\u0924"], "X");
  const short = scalars.filter((point) => point > 0x7f && point < 0x10000);
  const maps = new Map();
  const each = (point) => {
    const page = point >> 12;
    if (!maps.has(page)) maps.set(page, charMap(short.filter((other) => other >> 12 === page).map(char), "X"));
    return maps.get(page);
  };
  const acute = "\u0301";
  const gone = (map, text, rest) => map.normalizeString(text) === rest;
  const join = scalars.filter((point) => gone(a, `a${char(point)}b`, "Xb"));
  const joins = new Set(join);
  return {
    GraphemeJoin: join,
    GraphemePrepend: short.filter((point) => gone(each(point), `${char(point)}a`, "X")),
    GraphemeControl: [
      ...scalars.filter((point) => point < 0x80 && !gone(charMap([char(point)], "X"), `${char(point)}${acute}`, "X")),
      ...short.filter((point) => !gone(each(point), `${char(point)}${acute}`, "X") && !joins.has(point)),
    ],
    Pictographic: scalars.filter(
      (point) =>
        !joins.has(point) && gone(copyright, `\u00a9\u200d${char(point)}`, `X\u200d${char(point) === "\u00a9" ? "X" : char(point)}`),
    ),
    ConjunctConsonant: short.filter(
      (point) =>
        !joins.has(point) &&
        each(point)
          .normalizeString(`\u0915\u094d${char(point)}${acute}`)
          .endsWith(`X${acute}`),
    ),
    ConjunctLinker: join.filter((point) => gone(ta, `\u0915${char(point)}\u0924${acute}`, `\u0915${char(point)}X${acute}`)),
    ConjunctExtend: join.filter((point) => gone(ta, `\u0915${char(point)}\u094d\u0924${acute}`, `\u0915${char(point)}\u094dX${acute}`)),
  };
}

/** Per code point what a normalizer makes of it, where that is something else. */
function mapping(normalizer, skip = () => false) {
  const entries = new Map();
  for (const point of scalars) {
    const form = normalizer.normalizeString(char(point));
    if (!skip(point) && form !== char(point)) entries.set(point, points(form));
  }
  return entries;
}

const isHangul = (point) => point >= hangul.first && point < hangul.end;

/** Combining classes by rank: only their order matters to canonical reordering. */
function combiningRanks(nfd, decompositions) {
  const before = (first, second) => nfd.normalizeString(`a${char(second)}${char(first)}`) === `a${char(first)}${char(second)}`;
  const low = 0x334;
  const high = 0x345;
  const marks = scalars.filter((point) => !decompositions.has(point) && !isHangul(point) && (before(low, point) || before(point, high)));
  const groups = [];
  for (const mark of marks) {
    let from = 0;
    let to = groups.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (before(groups[middle][0], mark)) from = middle + 1;
      else to = middle;
    }
    if (from < groups.length && !before(mark, groups[from][0])) groups[from].push(mark);
    else groups.splice(from, 0, [mark]);
  }
  return groups;
}

/** Characters that compose, by their last step: [first, second, composed]. */
function compositions(nfc, canonical) {
  const out = [];
  for (const [point, parts] of canonical) {
    if (parts.length < 2 || nfc.normalizeString(parts.map(char).join("")) !== char(point)) continue;
    const first = points(nfc.normalizeString(parts.slice(0, -1).map(char).join("")));
    const second = parts.at(-1);
    if (first.length !== 1 || nfc.normalizeString(char(first[0]) + char(second)) !== char(point))
      throw new Error(`U+${point.toString(16)} does not compose in two steps`);
    out.push([first[0], second, point]);
  }
  return out.sort((a, b) => a[2] - b[2]);
}

/** Classes of code points that the pre-tokenizer UnicodeScripts keeps together; what it passes over is in none. */
async function scriptGroups() {
  const cut = { type: "UnicodeScripts" };
  const startsIn = async (text) => new Set((await spans(cut, text)).map(([start]) => start));
  const passed = new Uint8Array(0x110000);
  const starts = new Uint8Array(0x110000);
  for (let from = 0; from < scalars.length; from += 1 << 15) {
    const part = scalars.slice(from, from + (1 << 15));
    const latin = await startsIn(part.map((point) => `a${char(point)}\u044f`).join(""));
    const cyrillic = await startsIn(part.map((point) => `\u044f${char(point)}a`).join(""));
    part.forEach((point, index) => (passed[point] = latin.has(3 * index + 1) || cyrillic.has(3 * index + 1) ? 0 : 1));
    const kept = part.filter((point) => !passed[point]);
    const changes = await startsIn(kept.map(char).join(""));
    kept.forEach((point, index) => (starts[point] = changes.has(index) ? 1 : 0));
  }
  const groups = [];
  let group;
  for (const point of scalars.filter((candidate) => !passed[candidate])) {
    if (!group || starts[point]) {
      group = undefined;
      for (const known of groups) {
        if ((await startsIn(char(known[0]) + char(point))).has(1)) continue;
        group = known;
        break;
      }
      if (!group) groups.push((group = []));
    }
    group.push(point);
  }
  return groups;
}

const digits = (value) => value.toString(36);

function packRanges(members) {
  const out = [];
  let position = 0;
  for (let i = 0; i < members.length;) {
    let end = i + 1;
    while (end < members.length && members[end] === members[end - 1] + 1) end++;
    out.push(digits(members[i] - position) + (end - i === 1 ? "" : `,${digits(end - i)}`));
    position = members[end - 1] + 1;
    i = end;
  }
  return out.join(" ");
}

/** "gap,parts…" per code point; runs of single characters at one distance and step as "gap:length:step:target". */
function packMapping(entries) {
  const list = [...entries];
  const out = [];
  let position = 0;
  for (let i = 0; i < list.length;) {
    const [point, parts] = list[i];
    const step = list[i + 1] ? list[i + 1][0] - point : 0;
    let end = i + 1;
    const continues = () => {
      const next = list[end];
      return (
        next &&
        parts.length === 1 &&
        next[1].length === 1 &&
        step <= 2 &&
        next[0] - list[end - 1][0] === step &&
        next[1][0] - next[0] === parts[0] - point
      );
    };
    while (continues()) end++;
    if (end - i > 2) out.push([point - position, end - i, step, parts[0]].map(digits).join(":"));
    else {
      end = i + 1;
      out.push([point - position, ...parts].map(digits).join(","));
    }
    position = list[end - 1][0];
    i = end;
  }
  return out.join(" ");
}

function object(name, entries) {
  return [`export const ${name} = {`, ...Object.entries(entries).map(([key, text]) => `  ${key}: "${text}",`), "} as const;", ""].join(
    "\n",
  );
}

async function classesFile() {
  const packed = Object.fromEntries(Object.entries(await classes()).map(([name, members]) => [name, packRanges(members)]));
  return `/**
 * Unicode classes as the reference engine sees them, so that the ids do not depend on the Unicode version of the
 * JavaScript engine that happens to run (Oniguruma, Rust and its libraries have one each, Node anything). Generated by
 * scripts/unicode-data.mjs from npm tokenizers ${version}, one code point at a time; unicode-data.test.ts measures them again.
 *
 * Encoding: per range "gap,length" in base 36, the gap counted from the end of the range before; a length of 1 is left out.
 * The categories and scripts are the regular expressions' (\\p{…}); RegexWord is their \\w, Word that of Rust's regex crate
 * (single_word, Whitespace); Punctuation, Numeric, CombiningMark, BertRemoved and BertAccent are what the components so named ask for;
 * the rest is for grapheme clusters.
 */
${object("packedClasses", packed)}
export type UnicodeClassName = keyof typeof packedClasses;
`;
}

async function mappingsFile() {
  const nfd = reference.nfdNormalizer();
  const canonical = mapping(nfd, isHangul);
  const compatible = mapping(reference.nfkdNormalizer(), (point) => isHangul(point));
  for (const [point, parts] of canonical) if (String(compatible.get(point)) === String(parts)) compatible.delete(point);
  const pairs = compositions(reference.nfcNormalizer(), canonical);
  const excluded = [...canonical.keys()].filter((point) => !pairs.some(([, , composed]) => composed === point));
  const lower = mapping(reference.lowercase());
  const scripts = (await scriptGroups()).map((group) => packRanges(group));
  const ranks = combiningRanks(nfd, canonical).map((group) => packRanges(group));
  return `/**
 * Normalization forms and lower case as the reference computes them. Generated by scripts/unicode-data.mjs from npm
 * tokenizers ${version}; unicode-data.test.ts measures them again. Hangul syllables are left out: they follow from arithmetic.
 *
 * Encoding, in base 36: "gap,part,part" gives the parts of one code point, "gap:length:step:target" a run of code points
 * \`step\` apart that all move by the same distance; gaps count from the last code point before.
 */
${object("packedMappings", { canonical: packMapping(canonical), compatible: packMapping(compatible), lower: packMapping(lower) })}
/** Decompose, but do not compose again; ranges as in unicode-data.ts. */
export const packedExclusions = "${packRanges(excluded)}";

/** Combining marks by rank of their combining class, lowest first. */
export const packedCombining = [
${ranks.map((text) => `  "${text}",`).join("\n")}
] as const;

/** Code points that the pre-tokenizer UnicodeScripts keeps together, group by group; what it passes over is in none. */
export const packedScripts = [
${scripts.map((text) => `  "${text}",`).join("\n")}
] as const;
`;
}

async function main() {
  const files = { "unicode-data.ts": await classesFile(), "unicode-mappings.ts": await mappingsFile() };
  const check = process.argv.includes("--check");
  for (const [name, text] of Object.entries(files)) {
    const file = join(room, name);
    if (!check) writeFileSync(file, text);
    else if (readFileSync(file, "utf8").replace(/\s+/g, "") !== text.replace(/\s+/g, ""))
      throw new Error(`${file} is not what tokenizers ${version} says`);
  }
}

await main();
