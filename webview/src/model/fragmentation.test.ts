import { describe, expect, it } from "vitest";
import type { FragmentationReport } from "@midtrain/protocol/tokens";
import { fixture } from "../../dev/fixtures";
import { asJson, firstQuery, pageOf, pageSize, selectTerms, sortedBy } from "./fragmentation";

const { report } = fixture("fragmentation") as { report: FragmentationReport };

describe("the ranked names", () => {
  it("start with the costliest and lose none", () => {
    const all = selectTerms(report, firstQuery);
    expect(all.length).toBe(report.top.length);
    expect(all[0]!.contextCost).toBe(Math.max(...report.top.map((term) => term.contextCost)));
  });
  it("are searched without regard to case, and filtered by kind", () => {
    const found = selectTerms(report, { ...firstQuery, search: " RETRY_", kind: "constant" });
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((term) => term.kind === "constant" && term.term.toLowerCase().includes("retry_"))).toBe(true);
    expect(selectTerms(report, { ...firstQuery, search: "no such name" })).toEqual([]);
  });
  it("turn round on a second click, and start names at the beginning", () => {
    const byTerm = sortedBy(firstQuery, "term");
    expect(byTerm).toMatchObject({ sort: "term", descending: false, page: 0 });
    const terms = selectTerms(report, byTerm).map((term) => term.term);
    expect(terms).toEqual([...terms].sort());
    expect(sortedBy(byTerm, "term").descending).toBe(true);
    expect(sortedBy(byTerm, "count").descending).toBe(true);
  });
  it("do not change the report", () => {
    const before = JSON.stringify(report.top);
    selectTerms(report, { ...firstQuery, sort: "term" });
    expect(JSON.stringify(report.top)).toBe(before);
  });
});

describe("pages", () => {
  it("cover every row once and clamp what is out of range", () => {
    const pages = Math.ceil(report.top.length / pageSize);
    const rows = Array.from({ length: pages }, (_, page) => pageOf(report.top, page).rows).flat();
    expect(rows).toEqual(report.top);
    expect(pageOf(report.top, 999)).toMatchObject({ page: pages - 1, pages });
    expect(pageOf([], 3)).toMatchObject({ from: 0, found: 0, page: 0, pages: 1 });
  });
});

describe("copies", () => {
  const term = { ...report.top[0]!, term: '=cmd|"x",y' };
  it("are exact as JSON", () => {
    expect(JSON.parse(asJson([term]))).toEqual([term]);
  });
});
