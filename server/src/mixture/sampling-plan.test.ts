import { describe, expect, it } from "vitest";
import type { MixtureSource, PolicySegment } from "@midtrain/protocol/run";
import { seededRandom, type Random } from "../platform/random";
import { drawOfStep, drawRows, rowsDrawn, stepsUntilRepetitionCap, type DrawnRow } from "./index";

const source = (name: string, role: MixtureSource["role"], rows: number, lossTokensPerRow: number): MixtureSource => ({
  name,
  role,
  tokens: `t-${name}`,
  rows,
  lossTokensPerRow,
});

function randomSources(random: Random): MixtureSource[] {
  const some = [source("repository", "domain", 20 + random.int(200), 200 + random.int(300))];
  if (random.int(4) > 0) some.push(source("samples", "replay", 5 + random.int(100), 200 + random.int(300)));
  if (random.int(2) > 0) some.push(source("dependencies", "replay", 5 + random.int(300), 200 + random.int(300)));
  return random.shuffle(some);
}

const segment = (change: Partial<PolicySegment>): PolicySegment => ({
  branch: 0,
  fromStep: 0,
  fromDraw: 0,
  replayShare: 0.3,
  learningRateScale: 1,
  why: "",
  ...change,
});

/** A history with changes of policy and rollbacks that jump what was drawn. */
function randomHistory(random: Random, rowsPerStep: number): { segments: PolicySegment[]; reached: number } {
  const segments = [segment({ replayShare: random.int(7) / 10 })];
  let reached = 0;
  for (let change = random.int(5); change > 0; change--) {
    reached += 1 + random.int(40);
    const toStep = random.int(2) === 0 ? reached : Math.max(0, reached - random.int(30));
    segments.push(
      segment({ branch: change, fromStep: toStep, fromDraw: drawOfStep(segments, reached, rowsPerStep), replayShare: random.int(7) / 10 }),
    );
    reached = toStep;
  }
  return { segments, reached: reached + 30 };
}

/** All rows in the order in which a run would read them: each segment up to where the next one takes over. */
function allDraws(options: {
  seed: number;
  sources: MixtureSource[];
  segments: PolicySegment[];
  rowsPerStep: number;
  until: number;
}): DrawnRow[] {
  const { segments, rowsPerStep, until } = options;
  return segments.flatMap((live, i) => {
    const next = segments[i + 1];
    const end = next === undefined ? until : live.fromStep + (next.fromDraw - live.fromDraw) / rowsPerStep;
    const steps = Array.from({ length: Math.max(0, end - live.fromStep) }, (_, k) => live.fromStep + k);
    return steps.flatMap((step) => drawRows({ ...options, segments: segments.slice(0, i + 1), step }));
  });
}

const seeds = Array.from({ length: 25 }, (_, i) => i);

describe("drawRows", () => {
  it.each(seeds)("reads each row of a source once before any repeats, through changes and rollbacks (seed %i)", (seed) => {
    const random = seededRandom("plan", seed);
    const sources = randomSources(random);
    const rowsPerStep = 1 + random.int(8);
    const { segments, reached } = randomHistory(random, rowsPerStep);
    const draws = allDraws({ seed, sources, segments, rowsPerStep, until: reached });
    for (const { name, rows } of sources) {
      const read = draws.filter((draw) => draw.source === name).map((draw) => draw.row);
      for (let epoch = 0; epoch * rows < read.length; epoch++) {
        const pass = read.slice(epoch * rows, (epoch + 1) * rows);
        expect(new Set(pass).size).toBe(pass.length);
        expect(Math.max(...pass)).toBeLessThan(rows);
      }
    }
  });

  it.each(seeds)("matches the token weights within a row at every point of a segment (seed %i)", (seed) => {
    const random = seededRandom("weights", seed);
    const sources = [source("repository", "domain", 100, 200 + random.int(300)), source("samples", "replay", 60, 200 + random.int(300))];
    const share = random.int(10) / 10;
    const rowsPerStep = 1 + random.int(8);
    const perToken = (name: string): number => sources.find((one) => one.name === name)!.lossTokensPerRow;
    const replayRows = share / perToken("samples") / (share / perToken("samples") + (1 - share) / perToken("repository"));
    const segments = [segment({ replayShare: share })];
    const drawn = Array.from({ length: 60 }, (_, step) => drawRows({ seed, sources, segments, rowsPerStep, step })).flat();
    const seen = drawn.map((_, i) => drawn.slice(0, i).filter((draw) => draw.source === "samples").length);
    for (let from = 0; from < drawn.length; from += 7) {
      for (let to = from; to < drawn.length; to += 11)
        expect(Math.abs(seen[to]! - seen[from]! - (to - from) * replayRows)).toBeLessThanOrEqual(1.001);
    }
    const tokens = drawn.reduce((sum, draw) => sum + (draw.source === "samples" ? perToken("samples") : 0), 0);
    const all = drawn.reduce((sum, draw) => sum + perToken(draw.source), 0);
    expect(Math.abs(tokens / all - share)).toBeLessThan(2 * (500 / all));
  });

  it.each(seeds)("matches three sources within a row from the start (seed %i)", (seed) => {
    const random = seededRandom("three", seed);
    const sources = [
      source("repository", "domain", 500, 400),
      source("samples", "replay", 50 + random.int(300), 300),
      source("dependencies", "replay", 400, 500),
    ];
    const segments = [segment({ replayShare: 0.4 })];
    const counts = Array.from({ length: 80 }, (_, step) => rowsDrawn({ sources, segments, rowsPerStep: 8, step }));
    const rate = (name: string): number => counts.at(-1)![name]! / (79 * 8);
    for (const [step, count] of counts.entries()) {
      expect(Object.values(count).reduce((sum, rows) => sum + rows, 0)).toBe(step * 8);
      for (const { name } of sources) expect(Math.abs(count[name]! - step * 8 * rate(name))).toBeLessThan(2);
    }
  });

  it.each(seeds)("is a pure function: asked in any order, it answers the same (seed %i)", (seed) => {
    const random = seededRandom("pure", seed);
    const sources = randomSources(random);
    const { segments, reached } = randomHistory(random, 4);
    const ask = (step: number): readonly DrawnRow[] => drawRows({ seed, sources, segments, rowsPerStep: 4, step });
    const forward = Array.from({ length: reached }, (_, step) => ask(step));
    for (const step of random.shuffle(Array.from({ length: reached }, (_, i) => i))) expect(ask(step)).toEqual(forward[step]);
    expect(drawRows({ seed, sources: [...sources].reverse(), segments, rowsPerStep: 4, step: 3 })).toEqual(forward[3]);
  });

  it.each(seeds)("does not change what came before a later change of policy (seed %i)", (seed) => {
    const random = seededRandom("prefix", seed);
    const sources = randomSources(random);
    const { segments } = randomHistory(random, 8);
    const at = (history: PolicySegment[], step: number): readonly DrawnRow[] =>
      drawRows({ seed, sources, segments: history, rowsPerStep: 8, step });
    const last = segments.at(-1)!.fromStep;
    const later = [
      ...segments,
      segment({ branch: 9, fromStep: last + 20, fromDraw: drawOfStep(segments, last + 20, 8), replayShare: 0.6 }),
    ];
    for (let step = 0; step < last + 20; step++) expect(at(later, step)).toEqual(at(segments, step));
    expect(drawOfStep(later, last + 20, 8)).toBe(drawOfStep(segments, last + 20, 8));
  });

  it("gives other orders for other seeds and other epochs", () => {
    const sources = [source("repository", "domain", 40, 400)];
    const epoch = (seed: number, from: number): number[] =>
      Array.from({ length: 5 }, (_, i) =>
        drawRows({ seed, sources, segments: [segment({})], rowsPerStep: 8, step: from + i }).map((draw) => draw.row),
      ).flat();
    expect(epoch(1, 0)).not.toEqual(epoch(2, 0));
    expect(epoch(1, 0)).not.toEqual(epoch(1, 5));
    expect([...epoch(1, 5)].sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  });

  it("gives the share of an absent or empty replay source to the domain", () => {
    const sources = [source("repository", "domain", 40, 400), source("samples", "replay", 0, 0)];
    const draws = drawRows({ seed: 1, sources, segments: [segment({ replayShare: 0.5 })], rowsPerStep: 8, step: 0 });
    expect(draws.every((draw) => draw.source === "repository")).toBe(true);
  });

  it("refuses to draw from nothing", () => {
    expect(() => drawRows({ seed: 1, sources: [], segments: [segment({})], rowsPerStep: 8, step: 0 })).toThrowError(
      expect.objectContaining({ reason: "internal" }),
    );
  });
});

describe("stepsUntilRepetitionCap", () => {
  it("is the number of steps in which the domain is read that often", () => {
    const sources = [source("repository", "domain", 100, 400), source("samples", "replay", 10, 400)];
    const steps = stepsUntilRepetitionCap({ sources, replayShare: 0.5, rowsPerStep: 8, repetitionCap: 4 });
    expect(steps).toBe(100);
    expect(rowsDrawn({ sources, segments: [segment({ replayShare: 0.5 })], rowsPerStep: 8, step: steps })["repository"]).toBe(400);
  });
});
