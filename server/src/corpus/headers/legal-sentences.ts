import type { Sentence } from "./comment-lines";
import { isLabelled, sentenceText } from "./comment-sentences";
import { isLegalFiller, legalWording, type Wording } from "./licence-wording";

type Standing = Wording | "notice" | "part";

const isProse = (standing: Standing | undefined): boolean => standing === "phrase" || standing === "dense" || standing === "part";

/** The sentences of a comment that say under which terms the file may be used, with what belongs to them. */
export function legalSentences(text: string, sentences: readonly Sentence[]): Sentence[] {
  const words = sentences.map((sentence) => sentenceText(text, sentence));
  const standings = sentences.map((sentence, index): Standing => (sentence.isNotice ? "notice" : legalWording(words[index]!)));
  if (!standings.some((standing) => standing === "notice" || isProse(standing))) return [];
  // Forwards, so that an address of two lines is taken up line by line; backwards for titles above.
  for (let index = 0; index < sentences.length; index++) {
    if (standings[index] !== "some" && standings[index] !== "none") continue;
    if (belongsToLicence(sentences, words, standings, index)) standings[index] = "part";
  }
  return sentences.filter((_, index) => standings[index] === "notice" || isProse(standings[index]));
}

function belongsToLicence(
  sentences: readonly Sentence[],
  words: readonly string[],
  standings: readonly Standing[],
  index: number,
): boolean {
  const said = words[index]!;
  if (!/[\p{L}\p{N}]/u.test(said)) return true;
  const isSame = (other: number): boolean => sentences[other]?.paragraph === sentences[index]!.paragraph;
  const isBehind = isProse(standings[index - 1]);
  const isBefore = isProse(standings[index + 1]);
  if ((isBehind || isBefore) && isLegalFiller(said)) return true;
  if (isLabelled(said)) return false;
  // The rest of a sentence that a full stop in a name or number cut.
  if (isBehind && isSame(index - 1) && standings[index] === "some" && /^[a-z(]/.test(said) && words[index - 1]!.trimEnd().endsWith("."))
    return true;
  if (!isBehind || !isBefore || standings[index] !== "some") return false;
  // What goes on in lower case belongs to the sentence before even behind an empty line, such as one around a link.
  return (isSame(index - 1) || /^[a-z]/.test(said)) && isSame(index + 1);
}
