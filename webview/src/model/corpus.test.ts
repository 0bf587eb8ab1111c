import { describe, expect, it } from "vitest";
import { corpusFixture } from "../../dev/fixture-corpus";
import { layoutFlow } from "../charts/flow-layout";
import { corpusFlow, corpusHeadline, flowFinding, sumOf } from "./corpus";

describe("the flow of a corpus", () => {
  it("splits every band without a rest", () => {
    const nodes = corpusFlow(corpusFixture(true));
    for (const parent of ["seen", "kept", "rejected"]) {
      const children = nodes.filter(({ from }) => from === parent);
      expect(sumOf(children.map(({ bytes }) => bytes))).toBe(nodes.find(({ id }) => id === parent)!.bytes);
    }
  });

  it("draws the largest rules and sums the others", () => {
    const report = corpusFixture(true);
    const rules = corpusFlow(report).filter(({ from }) => from === "rejected");
    expect(rules.map(({ label }) => label)).toEqual([
      "vendored",
      "generated",
      "data-heavy",
      "minified",
      "lock-file",
      "binary",
      "3 more rules",
    ]);
    expect(sumOf(rules.map(({ files }) => files ?? 0))).toBe(877);
  });

  it("gives labels room, keeps columns apart, and makes bands as thick as their bytes", () => {
    const nodes = corpusFlow(corpusFixture(true));
    const { nodes: placed, links, height } = layoutFlow(nodes, [0, 300, 600], 280);
    for (const column of [0, 1, 2]) {
      const middles = placed.filter(({ node }) => node.column === column).map(({ y, height: tall }) => y + tall / 2);
      middles.slice(1).forEach((middle, index) => expect(middle - middles[index]!).toBeGreaterThanOrEqual(17));
    }
    expect(links).toHaveLength(nodes.length - 1);
    const kept = placed.find(({ node }) => node.id === "kept")!;
    expect(links.find(({ to }) => to.id === "kept")!.thickness).toBeCloseTo(kept.height, 0);
    expect(height).toBeGreaterThan(280);
  });

  it("says the shares in words, also of a corpus that lost nothing", () => {
    expect(corpusHeadline(corpusFixture(true))).toBe(
      "1,534 of 2,585 files are in the corpus: 12.6 MB of 32.5 MB. 17 findings were redacted in 9 files.",
    );
    expect(flowFinding(corpusFixture(true))).toBe(
      "38.6 % of the bytes seen are kept; the rule vendored takes the largest part of the rest (28.0 %).",
    );
    expect(flowFinding(corpusFixture(false))).toBe("100 % of the bytes seen are kept.");
  });
});
