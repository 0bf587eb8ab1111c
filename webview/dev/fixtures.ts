/** Typed snapshots of four runs and a fragmentation report, from a small seeded generator. */
import type { ChangeLine, EvaluationPoint, PanelData, RunMark, RunView, StepPoint } from "@midtrain/protocol/run-view";
import {
  baseCheckpointScore,
  type CheckpointScore,
  type CompletionSample,
  type Recipe,
  type RunIdentity,
  type RunPlan,
  type RunStatus,
  type StopReason,
} from "@midtrain/protocol/run";
import type { CorpusManifest } from "@midtrain/protocol/corpus";
import { termKinds, type FragmentationReport, type TermFigures, type TermKind } from "@midtrain/protocol/tokens";
import { corpusFixture } from "./fixture-corpus";
import { comparedNames, nameMeasures } from "./fixture-names";
import { bucketsOf, seeded, type Deltas, type Random } from "./fixture-figures";

export const fixtureNames = [
  "running",
  "finished",
  "harm",
  "starting",
  "empty",
  "fragmentation",
  "fragmentation-empty",
  "fragmentation-compared",
  "corpus",
  "corpus-small",
] as const;
export type FixtureName = (typeof fixtureNames)[number];

export function fixture(name: FixtureName): PanelData {
  if (name === "corpus" || name === "corpus-small") return { view: "corpus", report: corpusFixture(name === "corpus") };
  if (name === "fragmentation") return { view: "fragmentation", report: fragmentationFixture(seeded(11), 1200) };
  if (name === "fragmentation-compared") return comparedNames(fragmentationFixture(seeded(11), 1200));
  if (name === "fragmentation-empty")
    return { view: "fragmentation", report: { ...fragmentationFixture(seeded(11), 0), terms: 0, costShare: 0, byKind: {} } };
  const build: Readonly<Record<"running" | "finished" | "harm" | "starting" | "empty", () => RunView>> = {
    running: runningRun,
    finished: finishedRun,
    harm: harmRun,
    starting: startingRun,
    empty: emptyRun,
  };
  return { view: "run", run: build[name]() };
}

const tokensPerStep = 2048;
const hash = (seed: number): string => {
  const random = seeded(seed);
  return Array.from({ length: 64 }, () => Math.floor(random() * 16).toString(16)).join("");
};

const recipe: Recipe = {
  risk: "careful",
  executor: "onnx",
  restoreMode: "weights",
  rowLength: 512,
  rowsPerStep: 4,
  peakLearningRate: 0.00012,
  pretrainingPeak: 0.0012,
  learningRateShare: 0.1,
  warmupShare: 0.03,
  decayShare: 0.2,
  decayTo: 0.1,
  clip: 1,
  weightDecay: 0.1,
  beta1: 0.9,
  beta2: 0.95,
  epsilon: 1e-8,
  replayShare: 0.4,
  klWeight: 0,
  repetitionCap: 4,
  gates: {
    generalTolerance: 0.05,
    behaviourTolerance: 2,
    safetyTolerance: 0.08,
    domainGain: 0.003,
    patience: 3,
    evaluationsEarly: 5,
    evaluationsLate: 10,
    gapWindow: { share: 0.1, factor: 1.5 },
    falseAlarmBudget: 0.05,
    maxRollbacks: 2,
  },
  selectionWeights: { domain: 1, general: 2, behaviour: 1, safety: 3 },
};

function identity(run: string): RunIdentity {
  return {
    format: 1,
    run,
    identity: hash(1),
    createdAt: "2026-03-02T09:14:00Z",
    repository: { root: "/home/dev/retry-queue", head: "4f2c1a9" },
    model: { directory: "media/base", embedded: true, name: "midtrain-base-2m", parameters: 2_400_000 },
    recipe,
    lineage: {
      base: { name: "midtrain-base-2m", hash: hash(2) },
      corpus: hash(3),
      tokens: [
        { source: "repository", id: hash(4) },
        { source: "base's own text", id: hash(5) },
      ],
      tokenizer: { name: "midtrain-bpe-6k", hash: hash(6), behaviour: hash(7), engine: "own" },
      suites: { general: hash(8), behaviour: hash(9), safety: hash(10) },
      recipe: hash(11),
      restoreMode: "weights",
      seed: 0,
      toolVersion: "0.1.0",
    },
    budget: "4m",
    sources: [
      { name: "repository", role: "domain", tokens: hash(4), rows: 4810, lossTokensPerRow: 498 },
      { name: "base's own text", role: "replay", tokens: hash(5), rows: 9600, lossTokensPerRow: 505 },
    ],
    corpusDirectory: `corpora/${hash(3).slice(0, 16)}`,
  };
}

function planOf(steps: number): RunPlan {
  const early = [10, 20, 40, 60, 80].map((share) => Math.round((share * steps) / 800));
  const late = Array.from({ length: 10 }, (_, i) => Math.round(steps * (0.1 + (0.9 * (i + 1)) / 10)));
  return {
    format: 1,
    budget: { requested: "4m", tokens: steps * tokensPerStep, probe: { tokensPerSecond: 5120, seconds: 8 } },
    steps,
    tokensPerStep,
    evaluations: [...early, ...late],
  };
}

/** U-shaped dip at the start (stability gap), then gains that level off while general slowly pays. */
function deltasAt(share: number, random: Random, harm = 0): Deltas {
  const noise = (size: number): number => (random() - 0.5) * size;
  const dip = Math.exp(-(((share - 0.04) / 0.035) ** 2));
  return {
    domain: 0.098 * (1 - Math.exp(-share * 4.2)) - 0.012 * dip + noise(0.004),
    general: -0.016 * share ** 1.4 - 0.026 * dip + noise(0.003) - harm * 0.11 * share,
    behaviour: -0.42 * share - 0.5 * dip + noise(0.12) - harm * 2.6 * share,
    safety: -0.018 * share + noise(0.008) - 0.012 * dip - harm * 0.07 * share,
  };
}

function evaluationsOf(
  steps: readonly number[],
  total: number,
  branch: number,
  live: boolean,
  random: Random,
  harm = 0,
): readonly EvaluationPoint[] {
  return steps.map((step) => {
    const deltas = deltasAt(step / total, random, harm);
    return { step, branch, live, tokens: step * tokensPerStep, buckets: bucketsOf(deltas), score: scoreOf(deltas) };
  });
}

function scoreOf(deltas: Deltas): number {
  const loss = (delta: number, tolerance: number): number => Math.max(0, -delta) / tolerance;
  return deltas.domain / 0.131 - 2 * loss(deltas.general, 0.049) - loss(deltas.behaviour, 2) - 3 * loss(deltas.safety, 0.08);
}

function stepsOf(from: number, to: number, total: number, branch: number, random: Random, scale = 1, spikeAt = -1): readonly StepPoint[] {
  const points: StepPoint[] = [];
  for (let step = from; step <= to; step += Math.max(1, Math.floor(total / 500))) {
    const share = step / total;
    const domain = 2.6 + 1.05 * Math.exp(-share * 5) + (random() - 0.5) * 0.16;
    const replay = 2.86 + 0.09 * Math.exp(-(((share - 0.05) / 0.04) ** 2)) + (random() - 0.5) * 0.12;
    const spike = spikeAt >= 0 && Math.abs(step - spikeAt) <= 1 ? 22 : 1;
    const warm = Math.min(1, step / (total * 0.03));
    const decay = share > 0.8 ? 1 - 0.9 * ((share - 0.8) / 0.2) : 1;
    points.push({
      step,
      branch,
      tokens: step * tokensPerStep,
      loss: 0.6 * domain + 0.4 * replay,
      lossBySource: { repository: domain * (spike > 1 ? 1.4 : 1), "base's own text": replay },
      gradNorm: (0.42 + 0.2 * Math.exp(-share * 8) + random() * 0.1) * spike,
      learningRate: 0.00012 * scale * warm * decay,
    });
  }
  return points;
}

function candidatesOf(points: readonly EvaluationPoint[], selectedStep: number): readonly CheckpointScore[] {
  const base: CheckpointScore = {
    ...baseCheckpointScore,
    onFront: true,
    eligible: true,
    why: "The base, the point of comparison.",
  };
  const late = points.filter((point) => point.live && point.step >= 100);
  const dominated = (point: EvaluationPoint): boolean =>
    late.some(
      (other) =>
        other !== point &&
        other.buckets.domain.delta >= point.buckets.domain.delta &&
        other.buckets.general.delta >= point.buckets.general.delta,
    );
  return [
    base,
    ...late.map((point): CheckpointScore => {
      const { domain, general, behaviour, safety } = point.buckets;
      const onFront = !dominated(point);
      const selected = point.step === selectedStep;
      const why = selected
        ? "Selected: the highest score on the front."
        : onFront
          ? "On the front, with a lower score."
          : "Another checkpoint gains more and loses less.";
      return {
        step: point.step,
        branch: point.branch,
        checkpoint: `checkpoints/${point.step}`,
        domain: domain.delta,
        general: general.delta,
        behaviour: behaviour.delta,
        safety: safety.delta,
        score: point.score,
        onFront: onFront || selected,
        eligible: true,
        why,
      };
    }),
  ];
}

function checkpointMarks(points: readonly EvaluationPoint[]): readonly RunMark[] {
  return points
    .filter((point) => point.step >= 40)
    .map((point) => ({
      kind: "checkpoint",
      step: point.step,
      branch: point.branch,
      text: `Checkpoint at step ${point.step.toLocaleString("en-US")}.`,
    }));
}

function statusOf(run: string, more: Partial<RunStatus>): RunStatus {
  return {
    run,
    state: "running",
    phase: "training",
    pid: 4242,
    host: "localhost",
    updatedAt: "2026-03-02T09:16:00Z",
    step: 0,
    steps: 1200,
    tokens: 0,
    branch: 0,
    seq: 900,
    ...more,
  };
}

const changesAt = (lines: readonly (readonly [step: number, text: string])[]): readonly ChangeLine[] =>
  lines.map(([step, text], index) => ({
    seq: 10 + index * 37,
    time: new Date(Date.UTC(2026, 2, 2, 9, 14, index * 21)).toISOString(),
    step,
    text,
  }));

const completions: readonly CompletionSample[] = [
  {
    path: "src/queue/retry-policy.ts",
    line: 41,
    prompt:
      "export function nextDelay(policy: RetryPolicy, attempt: number): number {\n  if (attempt >= policy.maxAttempts) return Infinity;\n  const delay = policy.base",
    expected: "DelayMs * policy.factor ** attempt;\n  return Math.min(delay, policy.maxDelayMs);\n}",
    base: ".length;\n  return this.length;\n}\n\nfunction get(",
    selected: "DelayMs * policy.factor;\n  return Math.min(delay, policy.maxDelay);\n}",
  },
  {
    path: "src/queue/dead-letter.ts",
    line: 12,
    prompt: 'import { RetryQueue } from "./retry-queue";\n\nexport class DeadLetterQueue extends Retry',
    expected: "Queue<DeadLetter> {",
    base: "Error {",
    selected: "Queue<DeadLetter> {",
  },
  {
    path: "docs/operations.md",
    line: 88,
    prompt: "Set `retry_queue_depth` in the configuration. When the depth is above the limit, the worker",
    expected: " stops taking new jobs until half of the queue is drained.",
    base: " is the same as the same as the first time of the",
    selected: " stops the queue and the jobs are in the queue.",
  },
];

const corpus: CorpusManifest = {
  format: 1,
  corpus: hash(3),
  tool: "0.1.0",
  rules: "1",
  repository: { kind: "git", head: "4f2c1a9", branch: "main", dirty: 2 },
  documents: 1204,
  bytes: { seen: 41_200_000, kept: 33_900_000, redacted: 1_240, stripped: 412_000, rejected: 6_886_760 },
  byClass: {
    source: { documents: 871, bytes: 27_100_000 },
    documentation: { documents: 164, bytes: 3_900_000 },
    test: { documents: 121, bytes: 2_400_000 },
    "config-template": { documents: 40, bytes: 380_000 },
    changelog: { documents: 8, bytes: 120_000 },
  },
  byLanguage: {
    typescript: { documents: 702, bytes: 24_000_000 },
    markdown: { documents: 172, bytes: 4_020_000 },
    python: { documents: 330, bytes: 5_880_000 },
  },
  rejectsByRule: { generated: 140, vendored: 51, binary: 21, "duplicate-near": 38 },
  redactionsByRule: { "aws-access-key": 3, "private-key": 1, "generic-secret": 13 },
  redactedFiles: 9,
  duplicateClusters: 38,
  split: {
    train: { documents: 1108, bytes: 31_800_000 },
    heldOut: { documents: 64, bytes: 1_400_000 },
    sealed: { documents: 32, bytes: 700_000 },
    words: "96 files are held out, 32 of them sealed; no overlap with training (checked).",
  },
  notes: [],
  shards: [],
  seconds: 21.4,
};

const embeddedNote =
  "This is the embedded base: 2.4M parameters, made to see the chain work, not for use. The step up: set model to a Hugging Face directory, for example a 0.5B Qwen2.5-Coder.";

function runOf(
  run: string,
  parts: Pick<RunView, "status" | "headline"> & Partial<RunView> & { readonly stopReason?: StopReason },
): RunView {
  const id = identity(run);
  const selected = parts.status.selected ?? null;
  return {
    identity: id,
    plan: planOf(1200),
    steps: [],
    evaluations: [],
    marks: [],
    candidates: [],
    changes: [],
    completions: [],
    falseAlarm: { budget: 0.05, spent: 0 },
    corpus,
    embeddedNote,
    document: {
      run,
      directory: `.midtrain/runs/${run}`,
      state: parts.status.state,
      stopReason: parts.status.stopReason ?? null,
      selected,
      baseline: null,
      budget: null,
      buckets: null,
      final: null,
      lineage: id.lineage,
    },
    ...parts,
  };
}

const zero: Deltas = { domain: 0, general: 0, behaviour: 0, safety: 0 };
const baseline = bucketsOf(zero, { isBase: true });

function runningRun(): RunView {
  const random = seeded(7);
  const plan = planOf(1200);
  const reached = 412;
  const points = evaluationsOf(
    plan.evaluations.filter((step) => step <= reached),
    1200,
    0,
    true,
    random,
  );
  const last = points.at(-1)!;
  const unsure: EvaluationPoint = {
    ...last,
    buckets: bucketsOf(
      { domain: last.buckets.domain.delta, general: last.buckets.general.delta, behaviour: last.buckets.behaviour.delta, safety: -0.052 },
      { widen: { safety: 2 } },
    ),
  };
  const evaluations = [...points.slice(0, -1), unsure];
  const run = "careful-7b2f-20260302T091400";
  const view = runOf(run, {
    status: statusOf(run, {
      step: reached,
      tokens: reached * tokensPerStep,
      loss: 2.91,
      tokensPerSecond: 3120,
      secondsLeft: 252,
      evaluation: { done: evaluations.length, planned: 15 },
    }),
    headline: "Domain improved by 0.080 bits/byte; nothing else has moved beyond its tolerance. Safety needs more items.",
    plan,
    evaluations,
    steps: stepsOf(1, reached, 1200, 0, random, 1, 311),
    marks: [
      ...checkpointMarks(evaluations),
      { kind: "gap-window-end", step: 120, branch: 0, text: "The stability-gap window ends; tolerances are back to normal." },
      {
        kind: "anomaly",
        step: 311,
        branch: 0,
        text: "Step 311 was skipped: gradient norm 9.8 is above 20 times its median. Documents: vendor/data/tables.py.",
      },
    ],
    changes: changesAt([
      [0, "The base was measured: domain 1.31 bits/byte, general 0.982. It does not know this repository."],
      [120, "The stability-gap window ended; tolerances are back to normal."],
      [311, "Step 311 was skipped: gradient norm 9.8 is above 20 times its median. The batch held vendor/data/tables.py."],
      [336, "Safety is unsure at step 336; 200 more items will be asked."],
    ]),
    falseAlarm: { budget: 0.05, spent: 0.014 },
  });
  return { ...view, document: { ...view.document, baseline, buckets: unsure.buckets } };
}

function finishedRun(): RunView {
  const random = seeded(3);
  const plan = planOf(1200);
  const evaluations = evaluationsOf(
    plan.evaluations.filter((step) => step <= 1092),
    1200,
    0,
    true,
    random,
  );
  const selectedPoint = evaluations.find((point) => point.step >= 640)!;
  const last = evaluations.at(-1)!;
  const deltas = (point: EvaluationPoint): Deltas => ({
    domain: point.buckets.domain.delta,
    general: point.buckets.general.delta,
    behaviour: point.buckets.behaviour.delta,
    safety: point.buckets.safety.delta,
  });
  const run = "careful-1c90-20260302T101500";
  const stopReason: StopReason = { family: "no-more-worth", rule: "patience", text: "No domain gain that counts in 3 evaluations." };
  const step = selectedPoint.step;
  const selected = {
    step,
    checkpoint: `checkpoints/${step}`,
    why: "It gains nearly as much as the last one and costs half of it in general.",
  };
  const view = runOf(run, {
    status: statusOf(run, {
      state: "finished",
      phase: "finished",
      step: 1092,
      tokens: 1092 * tokensPerStep,
      evaluation: { done: evaluations.length, planned: 15 },
      stopReason,
      selected,
    }),
    headline: `Step ${step} was selected, not the last: domain improved by 0.089 bits/byte and nothing else moved beyond its tolerance.`,
    plan,
    evaluations,
    steps: stepsOf(1, 1092, 1200, 0, random),
    marks: [
      ...checkpointMarks(evaluations),
      { kind: "gap-window-end", step: 120, branch: 0, text: "The stability-gap window ends; tolerances are back to normal." },
    ],
    candidates: candidatesOf(evaluations, step),
    changes: changesAt([
      [0, "The base was measured: domain 1.31 bits/byte, general 0.982. It does not know this repository."],
      [120, "The stability-gap window ended; tolerances are back to normal."],
      [1092, "No domain gain that counts in 3 evaluations: the run stops."],
      [1092, `Step ${step} was selected.`],
    ]),
    completions,
    falseAlarm: { budget: 0.05, spent: 0.041 },
  });
  const buckets = bucketsOf(deltas(selectedPoint), { last: deltas(last) });
  const final = bucketsOf(
    { ...deltas(selectedPoint), domain: 0.086 },
    { widen: { domain: 1.3, general: 1.4, behaviour: 1.5, safety: 1.4 } },
  );
  return { ...view, document: { ...view.document, baseline, buckets, final } };
}

function harmRun(): RunView {
  const random = seeded(5);
  const plan = planOf(1200);
  const first = evaluationsOf(
    plan.evaluations.filter((step) => step <= 450),
    1200,
    0,
    true,
    random,
    1.3,
  ).map((point) => (point.step > 230 ? { ...point, live: false } : point));
  const second = evaluationsOf([336, 444, 552], 1200, 1, false, random, 1.1);
  const third = evaluationsOf([336, 444], 1200, 2, true, random, 1.2);
  const evaluations = [...first, ...second, ...third];
  const run = "bold-88d1-20260302T120000";
  const stopReason: StopReason = {
    family: "harm",
    rule: "general-beyond-tolerance",
    text: "General stayed beyond its tolerance after 2 rollbacks.",
  };
  const selected = { step: 0, checkpoint: "base", why: "Every trained state loses more than it gains." };
  const view = runOf(run, {
    status: statusOf(run, {
      state: "finished",
      phase: "finished",
      step: 444,
      tokens: 444 * tokensPerStep,
      branch: 2,
      evaluation: { done: evaluations.length, planned: 15 },
      stopReason,
      selected,
    }),
    headline: "Stopped for harm: general lost more than its tolerance three times; the base stays selected. Do not train with this recipe.",
    plan,
    evaluations,
    steps: [...stepsOf(1, 444, 1200, 0, random), ...stepsOf(228, 552, 1200, 1, random, 0.5), ...stepsOf(228, 444, 1200, 2, random, 0.25)],
    marks: [
      ...checkpointMarks(first.filter((point) => point.live)),
      { kind: "gap-window-end", step: 120, branch: 0, text: "The stability-gap window ends; tolerances are back to normal." },
      {
        kind: "rollback",
        step: 444,
        branch: 0,
        bucket: "general",
        text: "Rolled back from step 444 to step 228: general lost 0.054 bits/byte, beyond its tolerance of 0.049.",
      },
      { kind: "policy", step: 228, branch: 1, text: "Learning rate halved, replay raised from 10 % to 25 %." },
      {
        kind: "rollback",
        step: 552,
        branch: 1,
        bucket: "general",
        text: "Rolled back from step 552 to step 228: general lost 0.058 bits/byte.",
      },
      { kind: "policy", step: 228, branch: 2, text: "Learning rate halved again, replay raised from 25 % to 40 %." },
    ],
    candidates: candidatesOf(evaluations, 0),
    changes: changesAt([
      [0, "The base was measured: domain 1.31 bits/byte, general 0.982."],
      [444, "Rolled back from step 444 to step 228: general lost 0.054 bits/byte, beyond its tolerance of 0.049."],
      [228, "Learning rate halved, replay raised from 10 % to 25 %."],
      [552, "Rolled back from step 552 to step 228: general lost 0.058 bits/byte."],
      [228, "Learning rate halved again, replay raised from 25 % to 40 %."],
      [444, "General is beyond its tolerance again; no rollback is left. Stopped for harm."],
    ]),
    completions,
    falseAlarm: { budget: 0.05, spent: 0.033 },
  });
  return {
    ...view,
    document: { ...view.document, baseline, buckets: bucketsOf(zero, { isBase: true, last: deltasAt(0.37, random, 1.2) }), final: null },
  };
}

/** The base is measured and the first steps are done, one of them not a number; no gate yet. */
function startingRun(): RunView {
  const view = runningRun();
  const steps = stepsOf(1, 8, 1200, 0, seeded(2)).map((point) =>
    point.step === 5 ? { ...point, loss: Number.NaN, gradNorm: Number.NaN, lossBySource: { repository: Number.NaN } } : point,
  );
  const status = statusOf(view.status.run, { step: 8, tokens: 8 * tokensPerStep, loss: 3.61, tokensPerSecond: 3080, secondsLeft: 796 });
  return {
    ...view,
    status,
    headline: "Training has begun; the first gate is at step 15.",
    steps,
    evaluations: [],
    marks: [],
    candidates: [],
    changes: view.changes.slice(0, 1),
    falseAlarm: { budget: 0.05, spent: 0 },
    document: { ...view.document, buckets: null },
  };
}

function emptyRun(): RunView {
  const run = "normal-09aa-20260302T130000";
  return runOf(run, {
    status: statusOf(run, {
      state: "preparing",
      phase: "baseline",
      steps: 0,
      message: "Measuring the base on 1,332 items; about 40 s left.",
    }),
    headline: "The base is being measured; training has not begun.",
    plan: null,
    corpus: null,
  });
}

const heads = [
  "retry",
  "queue",
  "config",
  "user",
  "session",
  "token",
  "cache",
  "index",
  "worker",
  "batch",
  "stream",
  "policy",
  "schema",
  "vector",
];
const tails = ["depth", "manager", "_id", "Factory", "Handler", "timeout", "_count", "Registry", "Options", "_path", "Limit", "State"];

function fragmentationFixture(random: Random, size: number): FragmentationReport {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const top: TermFigures[] = Array.from({ length: size }, (_, rank) => {
    const kind = pick<TermKind>(termKinds);
    const count = Math.ceil((900 / (1 + rank * 0.2)) * (0.5 + random()));
    const inContext = 1.6 + random() * 4.5;
    const name =
      kind === "path"
        ? `src/${pick(heads)}/${pick(tails).toLowerCase()}-${rank}.ts`
        : `${pick(heads)}_${pick(heads)}${pick(tails)}${rank % 7 === 0 ? rank : ""}`;
    return {
      term: name,
      kind,
      count,
      files: Math.ceil(count / 8),
      inContext,
      isolated: Math.round(inContext + random()),
      afterSpace: Math.max(1, Math.round(inContext - random())),
      contextCost: count * (inContext - 1),
      learningCost: random() * 900,
    };
  }).sort((a, b) => b.contextCost - a.contextCost);
  const byKind = Object.fromEntries(
    termKinds.map((kind) => {
      const terms = top.filter((term) => term.kind === kind);
      const occurrences = terms.reduce((sum, term) => sum + term.count, 0);
      const cost = terms.reduce((sum, term) => sum + term.contextCost, 0);
      return [kind, { terms: terms.length, occurrences, meanInContext: occurrences > 0 ? 1 + cost / occurrences : 1, meanIsolated: 3.1 }];
    }),
  );
  return {
    tokenizer: { name: "Qwen2", hash: hash(21) },
    files: 1204,
    bytesPerToken: 3.42,
    terms: size,
    meanInContext: 1.62,
    meanIsolated: 3.1,
    splitShare: 0.41,
    costShare: 0.24,
    byKind,
    top,
    ...nameMeasures(top),
  };
}
