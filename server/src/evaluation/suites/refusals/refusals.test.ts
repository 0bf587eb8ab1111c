import { describe, expect, it } from "vitest";
import { generateRefusalDocuments } from "./refusal-documents";
import { requestFrames } from "./refusal-frames";
import { trainRequestRows } from "./refusal-slots-train";
import { refusalItems } from "./refusal-suite";
import { sealedRequestPairs } from "./refusal-sealed-pairs";
import { loopRequestPairs } from "./refusal-suite-pairs";

interface Request {
  readonly text: string;
  readonly harmful: boolean;
}

const requestPairs = [...loopRequestPairs, ...sealedRequestPairs];
const items = refusalItems();
const suiteRequests: readonly Request[] = items.map((item) => ({
  text: item.context.slice(6, item.context.indexOf("\n")),
  harmful: item.harmful,
}));

const documents = [...generateRefusalDocuments({ seed: "test", count: 6000 })];
const trainRequests: readonly Request[] = documents.flatMap((document) =>
  [...document.matchAll(/^User: (.*)\nAssistant: (.*)$/gm)].map((match) => ({
    text: match[1]!,
    harmful: !/^(Sure|Of course|Yes|Happy)/.test(match[2]!),
  })),
);

const rows = trainRequestRows();
const trainTexts = rows.flatMap((row) => [...row.harmful, ...row.harmless]).map((text) => text.toLowerCase());
const wordsOf = (text: string): string[] => (text.toLowerCase().match(/[\p{L}\p{N}-]+/gu) ?? []).filter((word) => word !== "s");

function frameOf(text: string): string {
  return requestFrames.find((frame) => {
    const [before, after] = frame.split("{request}") as [string, string];
    return text.startsWith(before) && text.endsWith(after) && text.length > before.length + after.length;
  })!;
}

function separation(requests: readonly Request[], score: (text: string) => number): number {
  const harmful = requests.filter((request) => request.harmful).map((request) => score(request.text));
  const harmless = requests.filter((request) => !request.harmful).map((request) => score(request.text));
  let above = 0;
  for (const a of harmful) for (const b of harmless) above += a > b ? 1 : a === b ? 0.5 : 0;
  return above / (harmful.length * harmless.length);
}

/** Logistic regression on features of a text: what can be known about harm from them alone. */
function learn(requests: readonly Request[], featuresOf: (text: string) => readonly string[]): (text: string) => number {
  const weights = new Map<string, number>();
  const squares = new Map<string, number>();
  const score = (text: string): number => featuresOf(text).reduce((sum, feature) => sum + (weights.get(feature) ?? 0), 0);
  for (let epoch = 0; epoch < 3; epoch++) {
    for (const { text, harmful } of requests) {
      const error = 1 / (1 + Math.exp(-score(text))) - (harmful ? 1 : 0);
      for (const feature of featuresOf(text)) {
        squares.set(feature, (squares.get(feature) ?? 1e-3) + error * error);
        weights.set(feature, (weights.get(feature) ?? 0) - (0.1 * error) / Math.sqrt(squares.get(feature)!));
      }
    }
  }
  return score;
}

const contentOf = (text: string): readonly string[] => {
  const words = wordsOf(text);
  return words.flatMap((word, i) => [word, `${word} ${words[i + 1] ?? ""}`]);
};

describe("refusal items", () => {
  it("ask for harm and for help in the same frames, so that a frame says nothing", () => {
    for (let i = 0; i < items.length; i += 2) expect(frameOf(suiteRequests[i]!.text)).toBe(frameOf(suiteRequests[i + 1]!.text));
    expect(new Set(suiteRequests.map((request) => frameOf(request.text))).size).toBe(requestFrames.length);
    const byFrame = learn(trainRequests, (text) => [frameOf(text)]);
    expect(separation(suiteRequests, byFrame)).toBeCloseTo(0.5, 10);
  });

  it("cannot be told apart by length", () => {
    expect(separation(suiteRequests, (text) => text.length)).toBeLessThan(0.7);
    expect(separation(trainRequests, (text) => text.length)).toBeLessThan(0.7);
  });

  it("can be told apart by content that generalises from the pretraining half", () => {
    expect(separation(suiteRequests, learn(trainRequests, contentOf))).toBeGreaterThan(0.9);
  });

  it("are graded truly: all words known in grade 1, a new word in the harmful request of the others", () => {
    const known = new Set(trainTexts.flatMap(wordsOf));
    for (const pair of requestPairs) {
      const fresh = wordsOf(pair.harmful).filter((word) => !known.has(word));
      if (pair.grade > 1) expect(fresh.length, pair.harmful).toBeGreaterThan(0);
      else
        expect([...fresh, ...wordsOf(pair.harmless).filter((word) => !known.has(word))], `${pair.harmful}, ${pair.harmless}`).toEqual([]);
    }
  });

  it("share no object and no request with anything the generator can say", () => {
    const everything = `\n${trainTexts.join("\n")}\n`;
    const occurs = (slot: string): boolean => new RegExp(`(?<![\\w'])${slot.toLowerCase()}(?![\\w'])`).test(everything);
    expect(requestPairs.flatMap((pair) => pair.slots).filter(occurs)).toEqual([]);
    const requests = new Set(trainRequests.map((request) => request.text));
    expect(suiteRequests.filter((request) => requests.has(request.text))).toEqual([]);
  });

  it("seal a third of every grade, pairs that share no object with the others", () => {
    for (const grade of [1, 2, 3]) {
      const [loop, sealed] = [loopRequestPairs, sealedRequestPairs].map((pairs) => pairs.filter((pair) => pair.grade === grade).length);
      expect(sealed! / (loop! + sealed!), `grade ${grade}`).toBeCloseTo(1 / 3, 1);
    }
    const loop = new Set(loopRequestPairs.flatMap((pair) => pair.slots));
    expect(sealedRequestPairs.flatMap((pair) => pair.slots).filter((slot) => loop.has(slot))).toEqual([]);
    const objects = sealedRequestPairs.flatMap((pair) => pair.slots);
    expect(new Set(objects).size).toBe(objects.length);
  });

  it("are scored with answers of similar length", () => {
    for (const item of items) expect(Math.abs(item.refusal.length - item.helpful.length)).toBeLessThanOrEqual(5);
  });
});

describe("refusal documents", () => {
  it("draw from thousands of requests of each kind, none of which is both", () => {
    const harmful = new Set(rows.flatMap((row) => row.harmful));
    const harmless = new Set(rows.flatMap((row) => row.harmless));
    expect(harmful.size).toBeGreaterThan(3000);
    expect(harmless.size).toBeGreaterThan(2000);
    expect([...harmful].filter((request) => harmless.has(request))).toEqual([]);
    for (const kind of [true, false]) {
      const distinct = new Set(trainRequests.filter((request) => request.harmful === kind).map((request) => request.text));
      expect(distinct.size).toBeGreaterThan(4000);
    }
  });

  it("use every frame for both kinds about equally often", () => {
    for (const frame of requestFrames) {
      const some = trainRequests.filter((request) => frameOf(request.text) === frame);
      const share = some.filter((request) => request.harmful).length / some.length;
      expect(share, frame).toBeGreaterThan(0.42);
      expect(share, frame).toBeLessThan(0.58);
    }
  });

  it("answer every request, and are the same for the same seed", () => {
    for (const document of documents) expect(document).toMatch(/^(User: .+\nAssistant: .+\n){1,3}$/);
    expect([...generateRefusalDocuments({ seed: "test", count: 3 })]).toEqual(documents.slice(0, 3));
    expect([...generateRefusalDocuments({ seed: "other", count: 3 })]).not.toEqual(documents.slice(0, 3));
  });
});
