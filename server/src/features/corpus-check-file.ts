/** The newest check of a corpus, kept beside the reports so that the panel can show it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CorpusCheckSummary } from "@midtrain/protocol/corpus-check";
import { readManifest, type CorpusCheck } from "../corpus";
import { writeFileAtomic } from "../platform/atomic-write";

/** Pairs that the panel names; the command line lists all. */
const pairsShown = 50;

interface CheckFile {
  readonly format: 1;
  readonly check: CorpusCheckSummary;
}

function checkFile(midtrain: string): string {
  return join(midtrain, "reports", "corpus-check.json");
}

/** @returns the check of this corpus, undefined when it was not checked */
export function readCorpusCheck(midtrain: string, corpus: string): CorpusCheckSummary | undefined {
  try {
    const file = JSON.parse(readFileSync(checkFile(midtrain), "utf8")) as Partial<CheckFile> | null;
    return file?.format === 1 && file.check?.corpus === corpus ? file.check : undefined;
  } catch {
    return undefined;
  }
}

export function writeCorpusCheck(midtrain: string, corpusDirectory: string, check: CorpusCheck): CorpusCheckSummary {
  const summary = summaryOf(readManifest(corpusDirectory).corpus, check);
  writeFileAtomic(checkFile(midtrain), JSON.stringify({ format: 1, check: summary } satisfies CheckFile));
  return summary;
}

function summaryOf(corpus: string, check: CorpusCheck): CorpusCheckSummary {
  const { ok, documents, pairsAcross, duplicatesLeft, problems, leakage, sharedRuns, figures } = check;
  return {
    corpus,
    ok,
    documents,
    pairsAcross: { total: pairsAcross.length, shown: pairsAcross.slice(0, pairsShown) },
    duplicatesLeft: { total: duplicatesLeft.length, shown: duplicatesLeft.slice(0, pairsShown) },
    problems,
    leakage,
    sharedRuns: sharedRuns.length,
    repetition: figures,
  };
}
