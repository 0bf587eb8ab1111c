/** The verdict in words. */
import type { ExpansionAssessment } from "@midtrain/protocol/tokens";
import { count, percent } from "@midtrain/protocol/words";

export const cheaperWays: readonly string[] = [
  "Continued pretraining on the old tokens: the model learns to read the names in pieces.",
  "Retrieval and templates at inference time, so that the model copies long names rather than spells them.",
  "Canonical aliases: a short name of a few tokens mapped to the long one on the serving side.",
];

export const servingChanges: readonly string[] = [
  "Embedding and output rows are added to the model, and to every checkpoint that is to be comparable.",
  "Every server, cache, log parser, length budget and evaluation takes the new tokenizer on the same day.",
  "Exports (GGUF, vLLM, adapters) are made again and checked against the new tokenizer's hash.",
];

type Figures = Pick<ExpansionAssessment, "savings" | "limits" | "train" | "heldOut">;

/** Pays when some number of tokens that is still small saves enough on held-out files, and nearly all of them are seen often enough. */
export function expansionWords(figures: Figures): Pick<ExpansionAssessment, "verdict" | "reasons" | "wouldChange"> {
  const { savings, limits, heldOut } = figures;
  const small = savings.filter(({ k }) => k <= limits.mostCandidates);
  const paying = small.filter((saving) => saving.heldOutShare >= limits.heldOutShare && saving.exposedShare >= limits.exposedShare).at(-1);
  if (heldOut.tokens > 0 && paying !== undefined)
    return {
      verdict: "expansion-pays",
      reasons: [
        `${count(paying.candidates)} new tokens save ${percent(paying.heldOutShare)} of the tokens of held-out files, and ${percent(paying.exposedShare)} of them are seen at least ${limits.exposures} times in the training files.`,
        "That the pieces hurt quality is not shown: measure error on expensive names against cheap ones of the same frequency before anything is changed (§6.1).",
      ],
      wouldChange: ["Quality on expensive names no worse than on cheap ones of the same frequency would speak against it."],
    };
  return { verdict: "do-not-expand", reasons: reasonsAgainst(figures), wouldChange: conditions(figures) };
}

function reasonsAgainst({ savings, limits, heldOut, train }: Figures): string[] {
  if (heldOut.tokens === 0 || train.tokens === 0)
    return ["There are no held-out files to measure on, so no saving is shown; without evidence the answer is no."];
  const best = savings.filter(({ k }) => k <= limits.mostCandidates).at(-1)!;
  const saving = `${count(best.candidates)} new tokens would save ${percent(best.heldOutShare)} of the tokens of held-out files`;
  const exposed = `${percent(best.exposedShare)} of them are seen at least ${limits.exposures} times in the training files (asked for: ${percent(limits.exposedShare)}); the others' rows would stay undertrained`;
  return [
    best.heldOutShare < limits.heldOutShare
      ? `${saving}; below ${percent(limits.heldOutShare)} the surgery costs more than it saves.`
      : `${saving}.`,
    ...(best.exposedShare < limits.exposedShare ? [`Only ${exposed}.`] : []),
    ...(best.neverHeldOutShare > 0 ? [`${percent(best.neverHeldOutShare)} of them never occur in held-out files.`] : []),
    "That the pieces hurt quality is not shown.",
  ];
}

function conditions({ limits }: Figures): string[] {
  return [
    `A saving of ${percent(limits.heldOutShare)} and more on held-out files with at most ${count(limits.mostCandidates)} tokens.`,
    `At least ${percent(limits.exposedShare)} of those tokens seen ${limits.exposures} times and more in training.`,
    "Evidence that expensive names are got wrong more often than cheap ones of the same frequency (§6.1).",
  ];
}
