/**
 * Wording of licences and notices. A sentence is legal by one phrase that only legal text has, or because its words are mostly those
 * of legal text, which also finds licences that no list knows.
 */

/** By the word they begin with: what may follow it (and stand before it) in a phrase that only legal text has; lower case. */
const phrases: readonly (readonly [words: string, pattern: string])[] = [
  ["spdx", "spdx-(?:license-identifier|license-expression|filecopyrighttext|filetype|filecontributor|copyright|snippet[a-z]*)\\s*:"],
  [
    "permission",
    "permission (?:is|to|has been)\\b.{0,60}(?:granted|use|copy|given|distribut)|permission (?:notice|of the (?:author|copyright))",
  ],
  ["hereby", "hereby granted"],
  [
    "redistribution redistributions",
    "redistributions?(?: and use)?,?(?: in| of| as) (?:source|binary|any form)|redistribution .{0,80}(?:permitted|allowed|prohibited)",
  ],
  ["redistributing", "redistributing this (?:file|software|program|code)"],
  ["redistribute redistributed", "redistributed? (?:it |them |this software )?(?:and/or|under|and) .{0,30}(?:modif|terms|copied)"],
  [
    "licensed licenced",
    "licen[cs]ed (?:under|to (?:the|you)\\b|by\\b|according|material|works|program|product|software|with (?:the )?(?:mit|bsd|gpl|apache))|licen[cs]ed\\s*(?:$|:)",
  ],
  [
    "license licence licenses licences",
    "(?<=^\\W{0,3})licen[cs]es?\\s*(?:[:=\\u2013-]|$)|(?<=[@\\\\])licen[cs]e|licen[cs]e(?:\\.txt|\\.md|\\.rst)?[\"'`]* file (?:in|at|for|distributed|included|that|accompanying)|(?<=\\bsee (?:the )?(?:file )?[\"'`]?)licen[cs]e|licen[cs]e for this (?:file|software|code|program|package)|licen[cs]e[sd]? (?:block|agreements?|summary|as published|can be found|may be found|which can|for the specific|terms|v\\d|version \\d|is (?:hereby )?granted|under which)|licen[cs]e,? (?:or|version|see|as published|v\\.? ?\\d)\\b|(?<=(?:general public|apache|mit|bsd|mozilla public|software|eclipse public|isc|zlib|x11|artistic|public|open source|clause|style|-like|compatible|this) )licen[cs]e|(?<=\\b(?:under|of|with|see|on|by) (?:the|this|a|an|said|that|such|our|its|their) (?:[\\w.+-]+ ){0,4})licen[cs]e",
  ],
  ["unlicense", "unlicense"],
  ["copyleft", "copyleft"],
  ["public", "public domain|public licen[cs]e"],
  ["gnu", "gnu (?:lesser |library |affero )?(?:general |public |gpl|lgpl|licen[cs]e)"],
  [
    "gpl gplv lgpl lgplv agpl agplv",
    "(?<=(?:under|released|the|gnu|dual|licen[cs]e:|of|licen[cs]ed|by|and|with|or|is|terms)(?: the)? (?:gnu )?)[al]?gpl|[al]?gpl(?:[- ]?v?\\d[\\w.+-]*)?(?: only| or later|\\s*$| licen)",
  ],
  ["warranty warranties", "(?<=\\b(?:without|no|any|implied|all|express|or|other|absolutely no|of) )warrant"],
  ["merchantability merchantibility merchantable noninfringement sublicense sublicence", ""],
  ["fitness", "fitness for a(?:ny)? particular"],
  ["liable", "liable (?:for|to)"],
  ["disclaims disclaim disclaimed", "disclaim(?:s|ed)?\\b(?:.{0,20}(?:all|any|warrant)|\\W*$)"],
  ["disclaimer", "(?<=(?:following|this|above|warranty|the) )disclaimer"],
  ["retain", "retain (?:the|this|all) (?:above|following|copyright|notice|this)"],
  ["reproduce", "reproduce the (?:above|following|copyright)"],
  ["above", "above copyright"],
  ["all", "all rights? (?:are )?reserve|all copies (?:or|and)"],
  ["as", "as[ -]?is\\b(?<=[\"'`\u2018\u201c*]+as[ -]?is)|as[ -]is(?<=(?:provided|available|software|distributed|is) as[ -]is)"],
  [
    "provided",
    "provided (?:by (?:the )?(?:copyright|author|regents|contributors)|that (?:the|this) (?:above|following|copyright|entire)|without (?:any )?warrant|that these conditions)",
  ],
  ["free", "(?<=(?:is|are|be) )free software|free software foundation|free for (?:any|all|commercial|non-commercial) use"],
  ["foundation", "(?<=software )foundation"],
  [
    "distributed",
    "distributed (?:under|in the hope|subject to|without (?:any )?warrant|and licen|with(?:out)? (?:any )?(?:licen|warrant))|distributed on an",
  ],
  ["distribute distribution", "distribut(?:e|ion) .{0,60}(?:licen[cs]e|permitted|prohibited|without fee|terms)"],
  ["hope", "hope that it will be useful|hope that they will be"],
  ["received", "received (?:a copy|this (?:file|software|code) )"],
  ["obtain", "obtain a copy of (?:the|this) licen"],
  ["applicable", "applicable (?:law|copyright)"],
  ["governing", "governing (?:permissions|rights)"],
  ["compliance", "compliance with (?:the|this|these) (?:licen|terms)"],
  [
    "subject",
    "subject to (?:the )?(?:(?:terms|following|above|alternative|conditions?|restrictions)\\b|.{0,40}(?:licen[cs]e|agreement|gpl))",
  ],
  [
    "terms",
    "(?<!in )terms (?:and conditions|contained in|(?:of|in|specified|set|described) .{0,80}(?:licen[cs]e|gpl|agreement|gnu|copying|bsd|apache|mit\\b))|terms of use",
  ],
  ["conditions", "conditions (?:are|is) met|conditions of (?:the|this) (?:licen|gnu|gpl)"],
  [
    "confidential",
    "confidential (?:and (?:proprietary|may)|information|property)|confidential[.\\s]*$|(?<=proprietary and )confidential|confidential(?<=company confidential|corporation confidential|strictly confidential)",
  ],
  ["proprietary", "proprietary (?:and (?:confidential|trade)|information|rights|property|to)\\b"],
  ["trade", "trade secret"],
  ["unauthorized unauthorised", "unauthori[sz]ed (?:copying|use|reproduction|distribution|disclosure|duplication)"],
  ["reproduction", "reproduction .{0,40}(?:prohibited|forbidden|permission|consent)"],
  [
    "use",
    "use (?:of|and distribution of) (?:this|the) .{0,50}(?:governed|subject|licen[cs]e|permitted|terms)|use,? (?:copy|modify|modification|reproduction)",
  ],
  ["governed", "governed by (?:a|an|the|this|one|its) .{0,50}licen"],
  [
    "may",
    "may not use this (?:file|work|software|code)|may (?:only |also |not )?be (?:freely )?(?:used|copied|distributed|redistributed|reproduced|incorporated|modified|disclosed).{0,100}(?:licen|terms|gpl|permission|conditions|copyright|restriction|without)|may (?:copy|redistribute|distribute|use|modify) .{0,80}(?:licen|terms|permission|gpl)",
  ],
  ["released", "released (?:under|into|to|in|for free|as|with) .{0,60}(?:licen|gpl|public domain|bsd|terms|\\bmit\\b|apache|copyright)"],
  ["covered", "covered (?:by|under) .{0,60}(?:licen|gpl|copyright)"],
  ["available", "available (?:under|subject to) .{0,60}(?:licen|gpl|terms|public domain)"],
  ["published", "published by the free"],
  ["names name", "names? (?:of (?:its|any|the) (?:contributors?|authors?|copyright)|nor the names?)"],
  ["neither", "neither the (?:name|copyright)"],
  ["endorse endorsement", "endorse(?:ment)? or promot"],
  ["advertising", "advertising materials|advertising or"],
  ["product products", "products? includes? software|products? derived from this"],
  [
    "software program file files code work works header",
    "(?:software|program|files?|code|works?|header) (?:is|are|was|were|has been) (?:being )?(?:hereby )?(?:provided|furnished|licen[cs]ed|copyrighted|placed in|released (?:under|into)|in the public|free software|confidential|part of the (?:public|licen)|distributed (?:under|in|with|as|on))",
  ],
  ["original", "original code is|original (?:software|copyright|licen)"],
  ["initial", "initial developer"],
  ["portions", "portions (?:created|copyright|\\(c\\)|\u00a9)"],
  ["alternatively", "alternatively,? .{0,80}(?:licen|terms|distributed|gpl|used under|provided)"],
  ["contents", "contents of this (?:file|software) (?:are|is|may)"],
  ["provisions", "provisions (?:above|of the|required)"],
  ["misrepresented altered", "misrepresented|altered source versions?"],
  [
    "notice notices",
    "(?<=this |these )notices? (?:may|must|shall|and|appear|is|are|in|be)|(?<=(?:permission |above copyright |see (?:the )?|accompanying |top-level ))notices?",
  ],
  ["anyone", "anyone to use|anyone for any"],
  ["write", "write to (?:the )?free software"],
  ["franklin temple mass", "franklin st|temple place|mass ave(?:nue)?"],
  [
    "gnu apache opensource mozilla creativecommons fsf unlicense",
    "(?:gnu\\.org/(?:licen|copyleft)|apache\\.org/licen|opensource\\.org/(?:licen|osi)|mozilla\\.org/mpl|creativecommons\\.org|fsf\\.org|unlicense\\.org)",
  ],
  ["http https www", "(?:https?://)?(?:www\\.)?[^ ]*(?:licen[cs]e|/copying|/gpl|/mpl)"],
  ["cc", "cc0\\b|cc[ -]by\\b"],
  ["bsd", "bsd(?:[- ]style|[- ]\\d[- ]clause|-like)?(?:/gpl|/mit)?(?: or gpl(?:v\\d)?)? licen|bsd[- ](?:style|\\dclause|\\d-clause)"],
  ["mit", "mit(?:/x11|[ -]style|[ -]x11)? licen|mit/(?:x11|bsd|apache)"],
  ["apache", "apache (?:software )?licen|apache[- ]2(?:\\.0)?\\b|apache/mit"],
  [
    "mozilla boost eclipse creative isc",
    "mozilla public|boost software licen|eclipse (?:public|distribution) licen|creative commons|isc licen",
  ],
  ["dual", "dual[- ](?:licen|bsd|mit|gpl|apache)"],
  [
    "contributor contributors",
    "contributors? (?:license )?agreement|contributors? as noted in|contributors? listed in|contributors?(?<=by the contributor|regents and contributors)",
  ],
  [
    "copyright copyrights copyrighted",
    "copyright(?:s|ed)? (?:holders?|owners?|laws?|protected|ownership|reserved|assign|belongs|and (?:licen|permission|related)|by [a-z]|\\(c\\)|\u00a9)|copyright(?<=[@\\\\]copyright)|copyrights?,? (?:licen|patents?)|(?<=(?:above|following|this|the|original|entire|all|any) )copyright notices?|(?<=(?:no|any|all|under|additional|regarding|the) )copyrights?\\b(?! (?:info|stat|head|check|line))",
  ],
  ["authors", "(?<=see (?:the )?)authors (?:file|and|or|for)|authors file"],
  ["prior", "prior (?:written )?(?:permission|consent|approval|authori)"],
  ["written", "written (?:permission|consent|approval|authori[sz]ation)"],
  ["furnished", 'furnished (?:to do so|under|"?as)'],
  ["deal", "deal in the software"],
  ["substantial", "substantial portions? of (?:the|this) (?:software|program|code)"],
  ["express", "express or implied|express written"],
  ["lieu", "lieu of the"],
  [
    "copying",
    "(?<=(?:see|file|read|and|the|in) (?:the )?(?:file )?[\"'`]*)copying\\b(?:\\.\\w+)?(?: file| in |\\W*$| for| and|[\"'`]| at | included|,)",
  ],
  ["begin end", "(?:begin|end) licen[cs]e"],
  ["nda", "under nda"],
  ["placed", "placed (?:in|into|under) the public domain"],
  ["noncommercial non", "non-?commercial (?:use|purposes)"],
];

/** Words that legal text has far more often than other text, with their weight. */
const weights: Readonly<Record<string, number>> = Object.fromEntries(
  (
    [
      [
        3,
        "licensor licensee licensors sublicensing merchantability infringement infringements tort negligence whatsoever hereunder indemnify indemnification",
      ],
      [
        2,
        "copying license licence licensed licenses copyright copyrights copyrighted warranty warranties liability damages incidental consequential exemplary punitive disclaimer disclaimed redistribute redistribution herein thereof hereof hereto permitted prohibited trademark trademarks reproduction consent royalty noncommercial royalties gpl lgpl fee attribution confidential proprietary shall granted",
      ],
      [
        1,
        "use copy modify modification modifications distribute distribution terms conditions permission software provided author authors rights reserved notice purpose purposes implied express limitation limited law party parties direct indirect special loss profits claim claims patent patents agreement accordance obligation written commercial contributors holders owner notwithstanding acknowledgment acknowledgement materials derivative works binary arising liable merchantable regents subject restriction restrictions without including foregoing",
      ],
    ] as const
  ).flatMap(([weight, words]) => words.split(" ").map((word) => [word, weight])),
);

interface WordInfo {
  weight: number;
  readonly patterns: RegExp[];
}

const lexicon = new Map<string, WordInfo>();
for (const [word, weight] of Object.entries(weights)) lexicon.set(word, { weight, patterns: [] });
for (const [words, pattern] of phrases) {
  const compiled = new RegExp(pattern, "y");
  for (const word of words.split(" ")) {
    const known = lexicon.get(word);
    if (known === undefined) lexicon.set(word, { weight: 0, patterns: [compiled] });
    else known.patterns.push(compiled);
  }
}

export type Wording = "phrase" | "dense" | "some" | "none";

const wordsOf = /(?<![0-9a-z])[a-z]+/g;

/** A phrase weighs as much as three words of legal text. */
const phraseWeight = 3;

/**
 * How legal a sentence is: a phrase makes it so unless it stands in a long sentence about something else; else the density of its words.
 * `some`: at least one word.
 */
export function legalWording(sentence: string): Wording {
  const lower = sentence.toLowerCase();
  let words = 0;
  let weight = 0;
  let found = 0;
  wordsOf.lastIndex = 0;
  for (let match = wordsOf.exec(lower); match !== null; match = wordsOf.exec(lower)) {
    words++;
    const info = lexicon.get(match[0]);
    if (info === undefined) continue;
    weight += info.weight;
    if (info.patterns.some((pattern) => matchesAt(pattern, lower, match.index))) found++;
  }
  if (weight + found === 0) return "none";
  // Disclaimers shout.
  if (words >= 8 && isShouting(sentence)) weight *= 2;
  if (found > 0 && (weight + found * phraseWeight) * 3 >= words) return "phrase";
  // A third of the words, and enough of them to be no accident.
  return weight >= 6 && weight * 3 >= words ? "dense" : "some";
}

function matchesAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

function isShouting(sentence: string): boolean {
  const capitals = sentence.match(/[A-Z]/g)?.length ?? 0;
  const small = sentence.match(/[a-z]/g)?.length ?? 0;
  return capitals > 4 * small;
}

/** One quick look: text without any of these has neither licence nor notice. Expects lower case. */
export const mayBeLegal =
  /licen[cs]|copy[rl]|copying|\(c\)|©|&copy;|warrant|permission|spdx|redistribut|reserved|public domain|gpl\b|confidential|proprietary|apache|版权|著作|vorbehalten|reservados|réservés|защищены/;

const year = "(?:[<\\[{(]*(?:(?:19|20)\\d\\d|(?:19|20)[xX]{2}|\\$?year|yyyy))";
const mark = "(?:\\([cC]\\)|©|&copy;|&#169;|\\\\\\(co|\ufffd|@copyright\\{\\})";
const foreign = "版权所有|著作权|alle rechte vorbehalten|todos los derechos reservados|tous droits réservés|все права защищены";
/** A notice, wherever it stands in a line: the word with a mark, a year or an owner behind it, or a mark with a year. */
const noticeAnywhere = new RegExp(
  `(?:${mark}\\s*)?\\b(?:copyrights?|copr\\.|copyleft)[\\s:;,.*=-]*(?:${mark}|c(?=\\s+\\d{4})|${year}|by\\s+\\S|\\d\\d\\d\\d)|${mark}\\s*(?:copyright\\b|by\\s|,?\\s*${year}|'\\d\\d)|${foreign}`,
  "i",
);
/** At the start of a line the word is enough when names follow it. `(C)` must be a capital there: `(c)` also counts list items. */
const noticeAtStart = new RegExp(
  `^\\W{0,4}(?:(?:portions?|parts?|original|some|all|additional|modifications?|changes)(?: (?:of this (?:file|code) )?(?:is|are|may be))?,? )?(?:[Cc]opyrights?|COPYRIGHTS?)\\b(?:[\\s:]*$|\\s*[:,]?\\s*(?:the |The |by |to )?(?!(?:Notice|Header|Handling|Check|Pars|Lookup|Table|Information|Update|Year|Law|Text)[a-z]*\\b)[A-Z<][^.;:]*(?:[.,;:] ?[^ ]+){0,6}\\s*$)|^\\W{0,4}(?:\\(C\\)|©|&copy;)\\s*[A-Z]`,
);
/** Words before a notice that are part of it. */
const noticeLead =
  /^[\W\d]*(?:(?:portions?|parts?|original(?:ly)?|some|all|additional|modifications?|changes|content|code|this|the|file|files|software|program|driver|module|work|is|are|was|and|of|may|be|here|in|copyrights?|licen[cs]e|sources?|version|revisions?|written|by|authored|developed|bits|these|which)\b[\W\d]*)*$/i;

const noticeHint = /copy|copr|\([cC]\)|©|&#169;|\\\(co|版权|著作|vorbehalten|reservados|réservés|защищены/i;

/** Where in a line a copyright notice begins, its lead included; -1 without one. */
export function noticeStart(line: string): number {
  if (!noticeHint.test(line)) return -1;
  const match = noticeAnywhere.exec(line);
  if (match !== null) return noticeLead.test(line.slice(0, match.index)) ? 0 : match.index;
  return noticeAtStart.test(line) ? 0 : -1;
}

/** A notice that goes on in the next line: nothing named yet, or a list of owners that is not finished. */
export function isNoticeOpen(line: string): boolean {
  return (
    /(?:,|&|\band|\bby|\bto|-|<[^>]*)\s*$/i.test(line) ||
    !/[a-z\u00c0-\uffff]{2}/i.test(line.replace(/copyrights?|\(c\)|©|&copy;|copr\.|\bby\b|portions/gi, ""))
  );
}

/** The line goes on with a notice: years first. */
export function isNoticeContinuation(line: string): boolean {
  return /^\W*(?:19|20)\d\d\b[\d\s,–-]*\S/.test(line);
}

/** Addresses, links and titles that belong to the licence they stand beside. */
export function isLegalFiller(line: string): boolean {
  return (
    /^\W*(?:https?:\/\/\S+|www\.\S+)\W*$/i.test(line) ||
    /\b[A-Z]{2},? \d{5}\b|\b(?:Suite|Floor)\b|(?:Street|Avenue|Parkway|Blvd|Drive|Road)\b.*\d|^\W*(?:USA|U\.S\.A\.)\W*$/.test(line) ||
    /^\W*see \S+ for (?:the |full |more |complete |further )*(?:copyright|licen[cs]e)\b/i.test(line) ||
    (line.length < 48 && /\b(?:licen[cs]e|gpl|bsd|mit|mpl|lgpl|disclaimer)\b/i.test(line))
  );
}
