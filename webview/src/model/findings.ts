/** Chart titles: what each chart shows, as a sentence. Pure. */
import { count, figureDecimals, fixed, significant } from "@midtrain/protocol/words";
import { bucketNames, type BucketName } from "@midtrain/protocol/measures";
import type { RunView, StepPoint } from "@midtrain/protocol/run-view";
import type { CheckpointScore } from "@midtrain/protocol/run";
import { capitalised, latestPoint, listed, lookAt, shownCandidates } from "./figures";
import { liveSteps, sourcesOf } from "./steps";

export function timelineFinding(run: RunView): string {
  const point = latestPoint(run);
  if (!point) return firstGate(run);
  const words = new Map(bucketNames.map((name) => [name, lookAt(run, name, point).word]));
  const having = (word: string): readonly BucketName[] => bucketNames.filter((name) => name !== "domain" && words.get(name) === word);
  const parts = [domainPhrase(run, words.get("domain") ?? "")];
  for (const word of ["beyond", "unsure", "cannot tell", "within"]) {
    const names = having(word);
    if (names.length > 0) parts.push(`${listed(names)} ${word === "cannot tell" || word === "unsure" ? word : `${word} tolerance`}`);
  }
  return `${parts.join("; ")}, at step ${count(point.step)}.`;
}

function firstGate(run: RunView): string {
  const step = run.plan?.evaluations[0];
  return step === undefined ? "No gate has been evaluated yet." : `No gate has been evaluated yet; the first is at step ${count(step)}.`;
}

function domainPhrase(run: RunView, word: string): string {
  const domain = latestPoint(run)!.buckets.domain;
  if (word !== "better" && word !== "worse") return word === "no change" ? "Domain shows no change" : `Domain is ${word}`;
  return `Domain is ${word} by ${fixed(Math.abs(domain.delta), figureDecimals(domain))} ${domain.unit}`;
}

export function paretoFinding(run: RunView): string {
  const trained = shownCandidates(run).filter((candidate) => candidate.step > 0);
  if (trained.length === 0) return "No checkpoint has been judged yet.";
  const last = trained.reduce((a, b) => (b.branch > a.branch || (b.branch === a.branch && b.step > a.step) ? b : a));
  const chosen = selectedCandidate(run);
  if (chosen?.step === 0) return "No checkpoint is worth its cost: the base stays selected.";
  if (!chosen) return `So far step ${count(last.step)} ${trade(run, last)}.`;
  if (chosen.step === last.step) return `The last checkpoint, step ${count(last.step)}, ${trade(run, last)}.`;
  return `Step ${count(chosen.step)} ${trade(run, chosen)}; the last, step ${count(last.step)}, ${trade(run, last)}.`;
}

export function selectedCandidate(run: RunView): CheckpointScore | undefined {
  const selected = run.document.selected ?? run.status.selected;
  if (!selected) return undefined;
  return (
    run.candidates.find((candidate) => candidate.checkpoint === selected.checkpoint) ??
    run.candidates.find((candidate) => candidate.step === selected.step)
  );
}

function trade(run: RunView, candidate: CheckpointScore): string {
  const point = latestPoint(run);
  const unit = point?.buckets.domain.unit ?? "";
  const amount = (value: number): string => fixed(Math.abs(value), 3);
  const domain =
    candidate.domain >= 0 ? `gains ${amount(candidate.domain)} ${unit} in domain` : `loses ${amount(candidate.domain)} ${unit} in domain`;
  return `${domain} and ${candidate.general >= 0 ? "gains" : "loses"} ${amount(candidate.general)} in general`.replace(/ {2,}/g, " ");
}

/** `Loss on repository fell from 3.61 to 2.63 nats/token; on replay stayed near 2.89.` */
export function lossFinding(run: RunView): string {
  const steps = liveSteps(run);
  if (steps.length < 2) return "No training step has been recorded yet.";
  const parts = sourcesOf(run).map((source) => `on ${source} ${movement(steps, (point) => point.lossBySource[source])}`);
  return `Loss ${listed(parts)} nats/token.`;
}

function movement(steps: readonly StepPoint[], value: (point: StepPoint) => number | undefined): string {
  const window = Math.max(1, Math.ceil(steps.length / 20));
  const mean = (points: readonly StepPoint[]): number => {
    const values = points.map(value).filter(Number.isFinite) as number[];
    return values.length > 0 ? values.reduce((sum, each) => sum + each, 0) / values.length : Number.NaN;
  };
  const first = mean(steps.slice(0, window));
  const last = mean(steps.slice(-window));
  if (!Number.isFinite(first) || !Number.isFinite(last)) return "was not drawn";
  if (Math.abs(last - first) < 0.02 * Math.abs(first)) return `stayed near ${significant(last)}`;
  return `${last < first ? "fell" : "rose"} from ${significant(first)} to ${significant(last)}`;
}

export function gradNormFinding(run: RunView): string {
  const measured = run.steps.filter((point) => Number.isFinite(point.gradNorm));
  if (measured.length === 0) return "No gradient norm has been recorded yet.";
  const top = measured.reduce((a, b) => (b.gradNorm > a.gradNorm ? b : a));
  const clip = run.identity.recipe.clip;
  const peak = `largest ${significant(top.gradNorm)} at step ${count(top.step)}`;
  if (top.gradNorm <= clip) return `Gradient norm stayed below its clip of ${clip}: ${peak}.`;
  const above = measured.filter((point) => point.gradNorm > clip).length;
  return `Gradient norm was clipped at ${clip} in ${count(above)} of ${count(measured.length)} steps shown: ${peak}.`;
}

export function learningRateFinding(run: RunView): string {
  const steps = liveSteps(run);
  const last = steps.at(-1);
  if (!last) return "No learning rate has been recorded yet.";
  const top = steps.reduce((a, b) => (b.learningRate > a.learningRate ? b : a));
  const cuts = run.marks.filter((mark) => mark.kind === "policy").length;
  const after = cuts > 0 ? `; the controller changed the policy ${cuts === 1 ? "once" : `${count(cuts)} times`}` : "";
  return `Learning rate peaked at ${rate(top.learningRate)} and is ${rate(last.learningRate)} at step ${count(last.step)}${after}.`;
}

/** What the newest marked anomalies were, in words; all of them are in the table of marks. */
export function anomalyWords(run: RunView): string {
  return run.marks
    .filter((mark) => mark.kind === "anomaly")
    .map((mark) => mark.text)
    .slice(-3)
    .join(" ");
}

/** Learning rates are small: three significant digits without an exponent down to 0.00001, else with one. */
export function rate(value: number): string {
  if (value === 0) return "0";
  if (Math.abs(value) >= 1e-5) return String(Number(value.toPrecision(3)));
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  return `${Number((value / 10 ** exponent).toPrecision(3))}e−${Math.abs(exponent)}`;
}

export function falseAlarmSentence(run: RunView): string {
  const { budget, spent } = run.falseAlarm;
  return `Total false-alarm budget: ${fixed(budget * 100, 1)} %, spent ${fixed(spent * 100, 1)} %.`;
}

export function bucketTitle(bucket: BucketName): string {
  return capitalised(bucket);
}
