/** The end of a run: selection, the sealed table, completions before and after, the report. */
import { join } from "node:path";
import type { StopReason } from "@midtrain/protocol/run";
import { describeError, MidtrainError } from "@midtrain/protocol/errors";
import { writeJsonAtomic } from "../platform/atomic-write";
import { baseBuckets, selectCheckpoint, type Selection } from "../gates";
import { renderDocument } from "../mixture";
import { completePrompts, completionPrompts, type CompletionPrompt } from "./completions";
import { emit, enterPhase, secondsSoFar, type Work } from "./controller-work";
import { bucketsOf, toEvaluationItems, type Scores } from "./item-scores";
import { writeReport } from "./report";
import { writeEvaluationItems } from "./run-directory";
import { loadOptions } from "./run-session";
import { scoreState } from "./score-state";

/** What base and selected state do on what the run never looked at. */
interface FinalLook {
  readonly scores: Scores;
  readonly completions: readonly string[];
}

/** Ends the run for good. A crash in here is repeated from the last checkpoint: nothing below changes the state. */
export async function finishRun(work: Work, stopReason: StopReason): Promise<void> {
  const { session, state } = work;
  const { identity } = session;
  work.status.update({ state: "stopping", phase: "selection", message: "selecting", stopReason });
  const { selected, candidates } = selectCheckpoint(state.evaluations, identity.recipe.selectionWeights);
  const prompts = completionPrompts(session.heldOut, identity.lineage.seed);
  enterPhase(work, "sealed", "scoring the base on the sealed items");
  const base = await look(work, identity.model.directory, prompts);
  writeSealed(work, { step: 0, branch: 0 }, base.scores);
  const chosen = selected.step === 0 ? base : await lookAtSelected(work, selected, candidates, prompts);
  const compared = bucketsOf({
    suites: session.suites,
    policy: identity.recipe.gates,
    side: "sealed",
    base: base.scores,
    last: chosen.scores,
    selected: chosen.scores,
  });
  const final = selected.step === 0 ? baseBuckets(compared) : compared;
  const samples = prompts
    .slice(0, base.completions.length)
    .map((prompt, i) => ({ ...prompt, base: base.completions[i]!, selected: chosen.completions[i]! }));
  writeJsonAtomic(session.files.completions, { samples });
  emit(work, { type: "selected", selected, candidates, final });
  emit(work, { type: "run-finished", state: "finished", stopReason, seconds: secondsSoFar(work) });
  work.status.update({ state: "finished", phase: "finished", message: "finished", stopReason, selected, secondsLeft: 0 });
  tryReport(work);
}

async function lookAtSelected(
  work: Work,
  selected: Selection["selected"],
  candidates: Selection["candidates"],
  prompts: readonly CompletionPrompt[],
): Promise<FinalLook> {
  enterPhase(work, "sealed", `scoring step ${selected.step} on the sealed items`);
  const chosen = await look(work, join(work.session.directory, selected.checkpoint, "model"), prompts);
  const branch = candidates.find((candidate) => candidate.checkpoint === selected.checkpoint)?.branch ?? 0;
  writeSealed(work, { step: selected.step, branch }, chosen.scores);
  return chosen;
}

async function look(work: Work, model: string, prompts: readonly CompletionPrompt[]): Promise<FinalLook> {
  const { session } = work;
  const { executor, tokenizer, facts } = session;
  await executor.load(loadOptions(session.identity, model));
  const scores = await scoreState(session, (suite) => suite.sealed, { signal: new AbortController().signal, onProgress: () => undefined });
  if (!executor.capabilities.generate || prompts.length === 0) return { scores, completions: [] };
  const headerOf = (path: string): string => renderDocument({ path, text: "", language: "" }).header;
  return { scores, completions: await completePrompts(prompts, { executor, tokenizer, context: facts.context, headerOf }) };
}

function writeSealed(work: Work, at: { readonly step: number; readonly branch: number }, scores: Scores): void {
  const { session } = work;
  writeEvaluationItems(
    session.directory,
    toEvaluationItems(session.suites, session.identity.lineage.suites, scores, { ...at, sealed: true }),
  );
}

/** The run has ended and is whole without it: a build without panels still trains, and says what is missing. */
function tryReport(work: Work): void {
  try {
    writeReport(work.session.directory);
  } catch (error) {
    if (!MidtrainError.is(error)) throw error;
    emit(work, { type: "log", level: "warning", text: `report.html was not written: ${describeError(error).replaceAll("\n", " ")}` });
  }
}
