import { describe, expect, it } from "vitest";
import { changeText, costShareOfTop, figure, fixed, fragmentationHeadline, signed } from "./words";
import type { FragmentationReport, TermFigures } from "./tokens";

const domain = { unit: "bits/byte", n: 412, better: "lower" as const, base: 0.995, delta: 0.083, low: 0.071, high: 0.095 };

describe("figure", () => {
  it("shows value, raw change with interval, unit and n", () => {
    expect(figure(domain)).toBe("0.912 bits/byte (−0.083 ± 0.012, n = 412)");
  });
  it("keeps the sign of a metric in which higher is better", () => {
    expect(figure({ unit: "AUC", n: 1204, better: "higher", base: 0.91, delta: -0.01, low: -0.03, high: 0.01 })).toBe(
      "0.900 AUC (−0.010 ± 0.020, n = 1,204)",
    );
  });
  it("shows the base without a change", () => {
    expect(figure({ ...domain, delta: 0, low: 0, high: 0 })).toBe("0.995 bits/byte (n = 412)");
  });
  it("uses a real minus sign and as many decimals as the interval needs", () => {
    expect(changeText({ unit: "nats", n: 300, better: "higher", base: -4.1, delta: -0.2, low: -0.5, high: 0.1 })).toBe("−0.20 ± 0.30");
    expect(fixed(-4.1, 2)).toBe("−4.10");
    expect(fixed(-0.0001, 2)).toBe("0.00");
    expect(signed(-0.04, 1)).toBe("+0.0");
  });
});

describe("fragmentation words", () => {
  const term = (name: string, count: number, inContext: number): TermFigures => ({
    term: name,
    kind: "identifier",
    count,
    files: 1,
    inContext,
    isolated: inContext,
    afterSpace: inContext,
    contextCost: count * (inContext - 1),
    learningCost: 0,
  });
  const report: FragmentationReport = {
    tokenizer: { name: "t", hash: "h" },
    files: 2,
    bytesPerToken: 3,
    terms: 3,
    meanInContext: 2.5,
    meanIsolated: 2.5,
    splitShare: 1,
    costShare: 0.3,
    byKind: { identifier: { terms: 3, occurrences: 40, meanInContext: 2.5, meanIsolated: 2.5 } },
    top: [term("a_b", 10, 4), term("c_d", 10, 2)],
  };
  it("relates the first terms to the cost of all terms, also when the list is cut", () => {
    expect(costShareOfTop(report, 1)).toBeCloseTo(0.15, 12);
    expect(costShareOfTop(report, 40)).toBeCloseTo(0.2, 12);
    expect(fragmentationHeadline(report)).toBe("2 names cost 20.0 % of the context.");
  });
  it("says so when nothing is split", () => {
    expect(fragmentationHeadline({ ...report, byKind: {}, top: [] })).toBe("No name of this repository costs more than one token.");
  });
});
