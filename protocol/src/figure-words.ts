/** Verdicts and whole tables in words, the same in panel, report, tree and terminal (shared/UX, rules). Single figures: words.ts. */
import { bucketNames, verdictWord, type BucketFigures, type BucketName, type Buckets, type SuiteFigures } from "./measures";
import { changeText, significant } from "./words";

/** `better`, `within 0.049`, `unsure`, `cannot tell`. */
export function verdictText(bucket: BucketName, figures: SuiteFigures): string {
  const word = verdictWord(bucket, figures);
  return word === "within" || word === "beyond" ? `${word} ${significant(figures.tolerance)}` : word;
}

/**
 * The suite that decides a bucket: the headline, or the suite whose verdict is worse than the headline's own.
 * The bucket carries the worst verdict beside the headline's figures, so the two can differ (shared/CONTRACTS §1).
 */
export function decidingSuite(bucket: BucketFigures): SuiteFigures {
  const headline = bucket.suites.find((suite) => suite.suite === bucket.suite);
  if (headline === undefined || headline.verdict === bucket.verdict) return bucket;
  return bucket.suites.find((suite) => suite.verdict === bucket.verdict) ?? bucket;
}

/**
 * One sentence for a whole table: what improved, what moved beyond its tolerance, what cannot be told.
 * @param live the run goes on, so that an unsure bucket can still get more items
 */
export function bucketsSentence(buckets: Buckets, live: boolean): string {
  const guards = bucketNames.filter((name) => name !== "domain");
  const named = (word: string): readonly string[] => guards.filter((name) => verdictWord(name, buckets[name]) === word);
  const beyond = named("beyond");
  const parts = [beyond.length === 0 ? "nothing else has moved beyond its tolerance" : `${list(beyond)} moved beyond tolerance`];
  const unsure = named("unsure");
  if (unsure.length > 0)
    parts.push(live ? `${list(unsure)} ${unsure.length === 1 ? "needs" : "need"} more items` : `${list(unsure)} stayed unsure`);
  const silent = named("cannot tell");
  if (silent.length > 0) parts.push(`${list(silent)} cannot be told on this base`);
  return `${domainSentence(buckets.domain)}; ${parts.join("; ")}.`;
}

function domainSentence(domain: BucketFigures): string {
  const amount = `${significant(Math.abs(domain.delta))} ${domain.unit}`;
  switch (verdictWord("domain", domain)) {
    case "better":
      return `Domain improved by ${amount}`;
    case "worse":
      return `Domain got worse by ${amount}`;
    case "unsure":
      return `Domain changed by ${changeText(domain)} ${domain.unit}, unsure`;
    default:
      return "Domain has not changed";
  }
}

function list(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]!}`;
}
