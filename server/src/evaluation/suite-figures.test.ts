import { describe, expect, it } from "vitest";
import type { Verdict } from "@midtrain/protocol/measures";
import type { ItemScore } from "@midtrain/protocol/run";
import { seededRandom } from "../platform/random";
import { bucketFigures, suiteFigures, verdictOf, type SuiteAbout } from "./index";

const text: SuiteAbout = {
  name: "held-out-files",
  metric: "bits per byte",
  unit: "bits/byte",
  better: "lower",
  score: "bits-per-byte",
  items: [],
};
const choiceItem = { kind: "choice" as const, id: "x", cluster: "x", context: "", right: "a", wrong: ["b", "c", "d"] };
const choice: SuiteAbout = { name: "names", metric: "margin", unit: "nats", better: "higher", score: "margin", items: [choiceItem] };
const refusalItem = { kind: "refusal" as const, id: "x", cluster: "x", harmful: true, context: "", refusal: "no", helpful: "yes" };
const refusals: SuiteAbout = { name: "refusals", metric: "AUC", unit: "AUC", better: "higher", score: "refusal-auc", items: [refusalItem] };

/** n items in clusters of three, made by a function of the item's number and seeded noise in [-0.5, 0.5). */
function items(n: number, make: (i: number, noise: () => number) => Partial<ItemScore>): ItemScore[] {
  const random = seededRandom("figures", n);
  return Array.from({ length: n }, (_, i) => ({
    id: String(i),
    cluster: String(Math.floor(i / 3)),
    nats: -100,
    bytes: 100,
    ...make(i, () => random.float() - 0.5),
  }));
}

const shifted = (base: readonly ItemScore[], shift: number, spread: number): ItemScore[] => {
  const random = seededRandom("shift");
  return base.map((item) => ({ ...item, nats: item.nats + shift + spread * (random.float() - 0.5) }));
};

const figures = (suite: SuiteAbout, base: readonly ItemScore[], later: readonly ItemScore[], tolerance: number) =>
  suiteFigures({ suite, base, last: later, selected: later, tolerance });

describe("verdictOf", () => {
  const cases: [Verdict, number, number, number, number][] = [
    ["GREEN", -0.05, 0.01, 0.1, 0.05],
    ["GREEN", 0.2, 0.9, 0.1, 0.5],
    ["GREEN", -0.08, -0.02, 0.1, 0.2],
    ["AMBER", -0.15, -0.02, 0.1, 0.05],
    ["AMBER", -0.15, 0.01, 0.1, 0.09],
    ["RED", -0.4, -0.2, 0.1, 0.05],
    ["RED", -0.9, -0.2, 0.1, 0.5],
    ["UNINFORMATIVE", -0.15, 0.01, 0.1, 0.11],
    ["UNINFORMATIVE", -0.05, 0.01, 0.001, 0.05],
  ];
  it.each(cases)("%s for [%d, %d] at tolerance %d with %d visible", (verdict, low, high, tolerance, visible) => {
    expect(verdictOf({ low, high, tolerance, visible })).toBe(verdict);
  });
});

describe("suiteFigures", () => {
  const base = items(150, (i, noise) => ({ nats: -100 - (i % 7) * 5 + 10 * noise() }));

  it("shows a fall of bits per byte as a positive delta and keeps the raw values", () => {
    const result = figures(text, base, shifted(base, 8, 4), 0.05);
    expect(result.selected).toBeLessThan(result.base);
    expect(result.delta).toBeCloseTo(result.base - result.selected, 12);
    expect([result.low > 0, result.high > result.delta, result.verdict, result.n, result.clusters]).toEqual([true, true, "GREEN", 150, 50]);
    expect(result.note).toBeUndefined();
  });

  it("is RED when the whole interval is beyond the tolerance, and AMBER around it", () => {
    expect(figures(text, base, shifted(base, -20, 4), 0.1).verdict).toBe("RED");
    expect(figures(text, base, shifted(base, -7, 30), 0.1).verdict).toBe("AMBER");
  });

  it("cannot tell when the noise hides a drop of the tolerance", () => {
    const result = figures(text, base, shifted(base, 0, 200), 0.02);
    expect(result.verdict).toBe("UNINFORMATIVE");
    expect(result.visible).toBeGreaterThan(result.tolerance);
    expect(result).toMatchObject({ cause: "not-visible", note: expect.stringContaining("smallest drop") });
  });

  it("cannot tell with too few items or clusters", () => {
    expect(figures(text, base.slice(0, 29), shifted(base.slice(0, 29), -50, 4), 0.1)).toMatchObject({
      verdict: "UNINFORMATIVE",
      cause: "too-few",
      n: 29,
    });
    const oneFile = base.map((item) => ({ ...item, cluster: String(Number(item.id) % 4) }));
    expect(figures(text, oneFile, shifted(oneFile, -50, 4), 0.1)).toMatchObject({
      verdict: "UNINFORMATIVE",
      cause: "too-few",
      clusters: 4,
    });
  });

  it("shows at the baseline no change, and the drop that may be expected to be visible", () => {
    const result = figures(text, base, base, 0.05);
    expect(result).toMatchObject({ delta: 0, low: 0, high: 0, verdict: "GREEN" });
    expect(result.visible).toBeGreaterThan(0);
  });

  it("cannot tell when the base chooses by guessing, and can when it knows", () => {
    const guessing = items(120, (i) => ({ other: i % 4 === 0 ? -110 : -90 }));
    expect(figures(choice, guessing, shifted(guessing, -50, 1), 1)).toMatchObject({
      verdict: "UNINFORMATIVE",
      cause: "base-at-chance",
      sides: { chance: 0.25 },
    });
    const knowing = items(120, (i) => ({ other: i % 4 === 0 ? -90 : -110 }));
    const result = figures(choice, knowing, shifted(knowing, -50, 1), 1);
    expect(result.verdict).toBe("RED");
    expect(result.sides).toMatchObject({ accuracyBase: 0.75, accuracySelected: 0 });
  });

  it("cannot tell when the base does not separate harmful from harmless, and shows both sides", () => {
    const blind = items(150, (i, noise) => ({ harmful: i % 2 === 0, other: -100 + 4 * noise() }));
    expect(figures(refusals, blind, shifted(blind, 0, 1), 0.08)).toMatchObject({ verdict: "UNINFORMATIVE" });
    const seeing = items(150, (i, noise) => ({ harmful: i % 2 === 0, other: -100 + 4 * noise() + (i % 2 === 0 ? -2 : 2) }));
    const refusingAll = seeing.map((item) => ({ ...item, nats: item.nats + 50 }));
    const result = figures(refusals, seeing, refusingAll, 0.08);
    expect(result).toMatchObject({ verdict: "GREEN", delta: 0 });
    expect(result.sides!["harmlessSelected"]! - result.sides!["harmlessBase"]!).toBeCloseTo(50, 9);
    const scrambled = seeing.map((item, i) => ({ ...item, other: seeing[(i + 1) % 150]!.other! }));
    expect(figures(refusals, seeing, scrambled, 0.08).verdict).toBe("RED");
  });

  it("shows the last state beside the selected one", () => {
    const last = shifted(base, -20, 4);
    const result = suiteFigures({ suite: text, base, last, selected: base, tolerance: 0.1 });
    expect(result.last).toBeGreaterThan(result.selected);
    expect(result.selected).toBe(result.base);
  });
});

describe("bucketFigures", () => {
  const base = items(150, (i, noise) => ({ nats: -100 - (i % 7) * 5 + 10 * noise() }));
  const green = figures(text, base, shifted(base, 8, 4), 0.05);
  const red = { ...figures(text, base, shifted(base, -20, 4), 0.1), suite: "other" };
  const unsure = { ...green, verdict: "UNINFORMATIVE" as const };

  it("has the headline's figures and the worst confirmed verdict", () => {
    expect(bucketFigures(green, [red])).toMatchObject({ suite: "held-out-files", delta: green.delta, verdict: "RED" });
    expect(bucketFigures(green, [red]).suites.map((suite) => suite.suite)).toEqual(["held-out-files", "other"]);
  });

  it("is not weighed down by a side suite that cannot tell, and a headline that cannot tell is never GREEN", () => {
    expect(bucketFigures(green, [unsure]).verdict).toBe("GREEN");
    expect(bucketFigures(unsure, [green]).verdict).toBe("UNINFORMATIVE");
  });
});
