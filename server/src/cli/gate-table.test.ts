import { describe, expect, it } from "vitest";
import type { RunDocument } from "@midtrain/protocol/run";
import { buckets } from "../gates/buckets.test-support";
import { gateTable } from "./gate-table";
import { exitCodeOfRun, sealedSentence } from "./run-words";

describe("the terminal's table", () => {
  it("fits 80 columns, in the order and words of the panel", () => {
    const lines = gateTable(buckets(0.089, -0.3, "RED"));
    expect(lines).toHaveLength(5);
    for (const text of lines) expect(text.length).toBeLessThanOrEqual(80);
    expect(lines[1]).toMatch(/^domain +1\.310 +1\.221 +1\.221 +−0\.089 ± 0\.010 +better$/);
    expect(lines[2]).toMatch(/^general .* beyond 0\.0500$/);
    expect(sealedSentence(buckets(0.089, -0.3, "RED"))).toBe(
      "On the sealed items, never used in the run: domain −0.089 ± 0.010, general beyond tolerance.",
    );
  });
});

describe("figures that are long", () => {
  it("never run into each other", () => {
    const base = buckets(0.1);
    const long = { ...base.behaviour, base: -163.035, last: -163.033, selected: -163.033 };
    const behaviour = {
      ...long,
      suites: base.behaviour.suites.map((suite) => ({ ...suite, base: -163.035, last: -163.033, selected: -163.033 })),
    };
    const line = gateTable({ ...base, behaviour }).find((text) => text.startsWith("behaviour"))!;
    expect(line).toMatch(/^behaviour +−163[.\d]* +−163[.\d]* +−163[.\d]* /);
  });
});

describe("a bucket whose side suite is worse than its headline", () => {
  it("shows that suite on a line of its own, within 80 columns", () => {
    const base = buckets(0.1);
    const side = { ...base.behaviour.suites[0]!, suite: "internal-names", verdict: "AMBER" as const, low: -0.09 };
    const lines = gateTable({ ...base, behaviour: { ...base.behaviour, verdict: "AMBER", suites: [...base.behaviour.suites, side] } });
    expect(lines).toHaveLength(6);
    expect(lines[3]).toMatch(/^behaviour .*within 0\.0500$/);
    expect(lines[4]).toMatch(/^ {2}internal-names .*unsure$/);
    for (const text of lines) expect(text.length).toBeLessThanOrEqual(80);
  });
});

describe("the exit code of a run", () => {
  const selected = { step: 2, checkpoint: "checkpoints/2", why: "" };
  const document = (change: Partial<RunDocument>): RunDocument =>
    ({ state: "finished", selected, final: buckets(0.1), ...change }) as RunDocument;

  it("is 3 where the base stays or the sealed verdict of what was selected is RED", () => {
    expect(exitCodeOfRun(document({}))).toBe(0);
    expect(exitCodeOfRun(document({ selected: { ...selected, step: 0 } }))).toBe(3);
    expect(exitCodeOfRun(document({ final: buckets(0.1, -0.3, "RED") }))).toBe(3);
    expect(exitCodeOfRun(document({ state: "failed" }))).toBe(1);
  });
});
