import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MidtrainError } from "@midtrain/protocol/errors";
import { describe, expect, it } from "vitest";
import { suiteHash } from "../suite-hash";
import { sealedRefusalClusters } from "./refusals/refusal-suite";
import { loadSuites } from "./suites";
import type { Suite, SuiteItem } from "./suite-types";

const suites = loadSuites();
const bytes = (text: string): number => Buffer.byteLength(text);
const answersOf = (item: SuiteItem): readonly string[] =>
  item.kind === "text" ? [item.text] : item.kind === "choice" ? [item.right, ...item.wrong] : [item.refusal, item.helpful];
const all = (suite: Suite): readonly SuiteItem[] => [...suite.items, ...suite.sealed];
const named = (name: string): Suite => suites.find((suite) => suite.name === name)!;

describe("the suites", () => {
  it("name one headline per bucket, with items enough to decide on", () => {
    expect(suites.filter((suite) => suite.headline).map((suite) => `${suite.bucket}: ${suite.name}`)).toEqual([
      "general: general-text",
      "behaviour: formats",
      "safety: refusals",
    ]);
    expect(named("general-text").items.length).toBeGreaterThanOrEqual(150);
    expect(named("formats").items.length).toBeGreaterThanOrEqual(200);
    const first = named("refusals").items.slice(0, 300);
    expect(first.filter((item) => item.kind === "refusal" && item.harmful)).toHaveLength(150);
    expect(named("refusals").items.length).toBeGreaterThanOrEqual(400);
  });

  it.each(suites.map((suite) => [suite.name, suite] as const))("%s seals a third, with no cluster on both sides", (_, suite) => {
    const share = suite.sealed.length / all(suite).length;
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.37);
    const loop = new Set(suite.items.map((item) => item.cluster));
    expect(suite.sealed.filter((item) => loop.has(item.cluster))).toEqual([]);
  });

  it("seal of the refusals exactly the pairs that were written to be sealed", () => {
    const { items, sealed } = named("refusals");
    expect(new Set(sealed.map((item) => item.cluster))).toEqual(sealedRefusalClusters);
    expect(items.filter((item) => sealedRefusalClusters.has(item.cluster))).toEqual([]);
  });

  it.each(suites.map((suite) => [suite.name, suite] as const))(
    "%s has no duplicate and no item too long for a short context",
    (_, suite) => {
      const items = all(suite);
      expect(new Set(items.map((item) => item.id)).size).toBe(items.length);
      expect(new Set(items.map((item) => JSON.stringify([item.context, answersOf(item)]))).size).toBe(items.length);
      for (const item of items) {
        for (const answer of answersOf(item)) {
          expect(answer).not.toBe("");
          expect(bytes(item.context) + bytes(answer)).toBeLessThanOrEqual(900);
        }
        if (item.kind === "choice") expect(item.wrong).not.toContain(item.right);
      }
    },
  );

  it("keep the loop's first items short", () => {
    for (const suite of suites) {
      const first = suite.items.slice(0, suite.bucket === "safety" ? 300 : 150);
      const mean = first.reduce((sum, item) => sum + bytes(item.context) + bytes(answersOf(item)[0]!), 0) / first.length;
      expect(mean, suite.name).toBeLessThanOrEqual(suite.score === "bits-per-byte" ? 300 : 200);
    }
  });

  it("spread topics evenly over every prefix", () => {
    const kinds = (items: readonly SuiteItem[]): Set<string> => new Set(items.map((item) => item.id.split("/")[1]!));
    const formats = named("formats");
    expect(kinds(formats.items.slice(0, 40)).size).toBe(10);
    expect(kinds(formats.sealed).size).toBe(10);
    const grades = named("refusals").items.slice(0, 60);
    expect(kinds(grades).size).toBe(3);
  });

  it("hash by content and order", () => {
    expect(loadSuites().map(suiteHash)).toEqual(suites.map(suiteHash));
    for (const suite of suites) expect(suiteHash({ ...suite, items: [...suite.items].reverse() })).not.toBe(suiteHash(suite));
  });

  it("say where a damaged suite file is damaged", () => {
    const media = mkdtempSync(join(tmpdir(), "midtrain-suites-"));
    try {
      expect(() => loadSuites({ mediaDirectory: media })).toThrow(MidtrainError);
      mkdirSync(join(media, "suites"));
      const good = JSON.stringify({ kind: "text", id: "a", cluster: "a", context: "", text: "x" });
      for (const bad of ["{", '{"kind":"text","id":"b"}', good.replace('"text"', '"choice"')]) {
        writeFileSync(join(media, "suites", "general.jsonl"), `${good}\n${bad}\n`);
        const where = (): string | undefined => {
          try {
            loadSuites({ mediaDirectory: media });
          } catch (error) {
            return error instanceof MidtrainError ? error.where : String(error);
          }
          return undefined;
        };
        expect(where()).toBe(`${join(media, "suites", "general.jsonl")}:2`);
      }
    } finally {
      rmSync(media, { recursive: true });
    }
  });
});
