/** The repository's fragmentation report: made in a worker, kept beside the corpus, looked up by hovers. */
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { FragmentationReport, TermFigures } from "@midtrain/protocol/tokens";
import type { OnProgress } from "@midtrain/protocol/progress";
import { writeJsonAtomic } from "../platform/atomic-write";
import { engineJob, type JobPlace } from "./engine-jobs";
import { cheaperSpelling, indexSpellings, type Spellings } from "./spellings";

/** Ranked terms kept for hovers; panels show the first of them. */
const keptTerms = 20_000;

export class RepositoryReports {
  private readonly terms = new Map<string, ReadonlyMap<string, TermFigures>>();
  private readonly spellings = new Map<string, Spellings>();

  async make(
    place: JobPlace,
    tokenizer: string,
    control: { readonly signal: AbortSignal; readonly onProgress: OnProgress },
  ): Promise<FragmentationReport> {
    const { report } = await engineJob({ ...place, job: "fragmentation", tokenizer, top: keptTerms }, control);
    writeJsonAtomic(this.fileOf(place.midtrain, report.tokenizer.hash), report);
    this.remember(place.midtrain, report);
    return report;
  }

  /** Figures of a term in the last report with this tokenizer. */
  term(midtrain: string, tokenizerHash: string, term: string): TermFigures | undefined {
    const key = `${midtrain}\0${tokenizerHash}`;
    if (!this.terms.has(key)) this.load(midtrain, tokenizerHash, key);
    return this.terms.get(key)?.get(term);
  }

  /** Another spelling of the same words in the last report with this tokenizer. */
  cheaperSpelling(midtrain: string, tokenizerHash: string, term: string): TermFigures | undefined {
    const key = `${midtrain}\0${tokenizerHash}`;
    if (this.term(midtrain, tokenizerHash, term) === undefined) return undefined;
    let index = this.spellings.get(key);
    if (index === undefined) this.spellings.set(key, (index = indexSpellings(this.terms.get(key)!.values())));
    return cheaperSpelling(index, term);
  }

  private load(midtrain: string, tokenizerHash: string, key: string): void {
    const file = this.fileOf(midtrain, tokenizerHash);
    this.terms.set(key, new Map());
    if (!existsSync(file)) return;
    try {
      this.remember(midtrain, JSON.parse(readFileSync(file, "utf8")) as FragmentationReport);
    } catch {
      // A report is a cache: an unreadable one is as good as none, and the next report replaces it.
    }
  }

  private remember(midtrain: string, report: FragmentationReport): void {
    const key = `${midtrain}\0${report.tokenizer.hash}`;
    this.terms.set(key, new Map(report.top.map((figures) => [figures.term, figures])));
    this.spellings.delete(key);
  }

  private fileOf(midtrain: string, tokenizerHash: string): string {
    return join(midtrain, "reports", `fragmentation-${tokenizerHash.slice(0, 16)}.json`);
  }
}

/** The newest complete corpus below `.midtrain/`. */
export function newestCorpus(midtrain: string): string | undefined {
  const corpora = join(midtrain, "corpora");
  if (!existsSync(corpora)) return undefined;
  return readdirSync(corpora)
    .map((name) => join(corpora, name))
    .filter((directory) => existsSync(join(directory, "manifest.json")))
    .map((directory) => ({ directory, time: statSync(join(directory, "manifest.json")).mtimeMs }))
    .sort((a, b) => b.time - a.time)[0]?.directory;
}
