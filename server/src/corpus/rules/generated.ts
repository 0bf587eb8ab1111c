import { isCommentLine } from "./comment-marks";
import { languageKind } from "./languages";

/** Sentences by which generators mark what they write; looked for in the first comment lines only. */
const sentences: readonly RegExp[] = [
  /\bcode generated\b.{0,200}\bdo not (?:edit|modify)\b/i,
  /(?<!["`])\bDO NOT (?:EDIT|MODIFY)\b/,
  /(?:^\W*|[.;:!,-] *)(?:please,? )?do not (?:edit|modify|change) (?:this file|it|directly|manually|by hand)\b[^A-Za-z\n]*$/im,
  /\b(?:this|the following) (?:file|code|source|module|header|class|document|script|table|parser|lexer|schema)s?\b[^.\n]{0,40}\b(?:is|are|was|were|has been|have been) (?:auto(?:matically)?[- ]?|machine[- ]?|computer[- ]?)?generated\b/i,
  /^\W*(?:auto|automatically|machine)[- ]?generated\b(?! by hand)/im,
  /^\W*(?:Generated|GENERATED) (?:by|from|with|using|via|(?:at|on)(?= \d| [A-Z][a-z]{2}\b)|automatically|code|file|BY|FROM|CODE|FILE)\b/m,
  /<auto-?generated|(?:^\W*|\b(?:this|it|file) is (?:an? )?)auto-?generated (?:file|code)\b/im,
  /\bgenerated (?:automatically )?(?:by|from \S+ by) (?:GNU )?(?:automake|autoconf|autoheader|aclocal|libtool|bison|flex|cython|protoc|swig|antlr|javacc|ragel|gperf)\b/i,
];
const marker = /@generated\b(?! (?:by hand|not))/;
/** Without one of these no sentence above can match. */
const hint = /generated|(?:not|NOT) (?:edit|modify|change|EDIT|MODIFY)/i;

/** True when the head of the file says in a comment that a program wrote it. */
export function isMarkedGenerated(text: string, language: string): boolean {
  const start = text.length > 3000 ? text.slice(0, 3000) : text;
  if (!hint.test(start)) return false;
  const head = start.split("\n", 30);
  const isCode = languageKind(language) !== "prose";
  const commentLines = isCode
    ? head.filter((line) => isCommentLine(line, language))
    : head.filter((line) => /^\W*<!--|^%|^\.\\"/.test(line));
  const marks = commentLines.slice(0, 12).join("\n");
  return sentences.some((sentence) => sentence.test(marks)) || marker.test(commentLines.join("\n"));
}

/** What compilers and site generators leave in their output; a person writes none of it. */
export function traceOfGenerator(text: string, language: string): string | undefined {
  if (language === "javascript" || language === "css") {
    // A file of a few lines that names a map is a fixture of somebody's build tool.
    if (text.length > 1024 && text.slice(-400).includes("sourceMappingURL="))
      return "The file ends with a source map: it is the output of a compiler.";
    const head = text.slice(0, 4000);
    if (
      head.includes('"__esModule"') &&
      /\b(?:__importDefault|__createBinding|__awaiter|_interopRequireDefault|exports\.\w+ = void 0)\b/.test(head)
    )
      return "The head of the file is what compilers to CommonJS write.";
  }
  if (language === "html" && /<meta name="?generator"? content="[^"{<]+"/i.test(text.slice(0, 3000)))
    return "A meta element names the generator of the page.";
  if (language === "yaml" && /^fileFormatVersion: \d+\nguid: [0-9a-f]{32}/.test(text)) return "Unity writes such a file beside each asset.";
  return undefined;
}
