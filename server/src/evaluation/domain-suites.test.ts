import { describe, expect, it } from "vitest";
import { repositoryTexts } from "../platform/test-texts";
import { seededRandom } from "../platform/random";
import { domainSuites, type DomainDocument, type Suite } from "./index";
import { cutPassages, precedingText } from "./passages";

const documents: DomainDocument[] = repositoryTexts([
  "protocol/src",
  "server/src/platform",
  "server/src/mixture",
  "server/src/gates",
  "server/src/evaluation",
]).map(({ path, text }) => ({ path, text, language: "typescript" }));
const header = (document: DomainDocument): string => `# ${document.path}\n`;
/** No half of a surrogate pair. */
const whole = (text: string): boolean => !/\p{Cs}/u.test(text);

function suites(seed: number): readonly Suite[] {
  const shuffled = seededRandom("split", 1).shuffle(documents);
  return domainSuites({ heldOut: shuffled.slice(0, 12), sealed: shuffled.slice(12, 18), train: shuffled.slice(18), header, seed });
}

describe("passages", () => {
  const texts = [...documents.map(({ text }) => text), "short line\n", "a".repeat(5000), "🙂".repeat(900), "\n".repeat(3000), "", "x"];

  it("are of the wanted size, in order, apart, and whole characters", () => {
    for (const text of texts) {
      const passages = cutPassages(text);
      let end = 0;
      for (const [i, passage] of passages.entries()) {
        const bytes = Buffer.byteLength(text.slice(passage.start, passage.end));
        expect(passage.start).toBeGreaterThanOrEqual(end);
        end = passage.end;
        expect(bytes).toBeLessThanOrEqual(1200);
        if (i < passages.length - 1) expect(bytes).toBeGreaterThanOrEqual(500);
        expect(whole(text.slice(passage.start, passage.end))).toBe(true);
      }
    }
  });

  it("end at line ends where lines are short", () => {
    for (const { text } of documents.slice(0, 10)) {
      for (const { end } of cutPassages(text)) expect(end === text.length || text[end - 1] === "\n").toBe(true);
    }
  });

  it("have at most the wanted context, from a line start on, without half characters", () => {
    for (const text of texts) {
      for (const end of [0, 1, 2, 399, 400, 1000, text.length].filter((at) => at <= text.length && whole(text.slice(0, at)))) {
        const context = precedingText(text, end, 400);
        expect(text.slice(0, end).endsWith(context)).toBe(true);
        expect(Buffer.byteLength(context)).toBeLessThanOrEqual(400);
        expect(whole(context)).toBe(true);
      }
    }
  });
});

describe("domainSuites", () => {
  const [headline, names] = suites(0) as [Suite, Suite];

  it("spreads passages over the files: every prefix covers as many as it can", () => {
    expect(headline).toMatchObject({ name: "held-out-files", bucket: "domain", headline: true, score: "bits-per-byte", better: "lower" });
    const files = new Set(headline.items.map((item) => item.cluster));
    expect(files.size).toBe(12);
    expect(new Set(headline.items.slice(0, 12).map((item) => item.cluster)).size).toBe(12);
    expect(headline.items.length).toBeLessThanOrEqual(150);
    expect(new Set(headline.items.map((item) => item.id)).size).toBe(headline.items.length);
  });

  it("gives each passage its path header and the text before it", () => {
    for (const item of headline.items) {
      if (item.kind !== "text") throw new Error("passages are texts");
      const document = documents.find(({ path }) => path === item.cluster)!;
      expect(item.context.startsWith(`# ${item.cluster}\n`)).toBe(true);
      const before = item.context.slice(`# ${item.cluster}\n`.length);
      expect(document.text).toContain(before + item.text);
    }
  });

  it("asks for the repository's own names, never among files it was not given", () => {
    expect(names).toMatchObject({ name: "internal-names", bucket: "domain", headline: false, score: "margin" });
    expect(names.items.length).toBeGreaterThanOrEqual(30);
    for (const item of names.items) {
      if (item.kind !== "choice") throw new Error("names are choices");
      const answers = [item.right, ...item.wrong];
      expect(new Set(answers).size).toBe(4);
      expect(new Set(answers.map((answer) => [...answer].at(-1))).size).toBe(1);
      const document = documents.find(({ path }) => path === item.cluster)!;
      expect(document.text).toContain(item.context.slice(`# ${item.cluster}\n`.length) + item.right);
    }
  });

  it("takes names of libraries and of the language for nobody's", () => {
    const train = [
      {
        path: "a.ts",
        language: "typescript",
        text: "someCall(toString(), hasOwnProperty());\n".repeat(50) + "function declaredHere() {}\n",
      },
    ];
    const own = Array.from({ length: 6 }, (_, i) => ({
      path: `own${i}.ts`,
      language: "typescript",
      text: `export const ownThing${i} = 1;\nownThing${i};\n`,
    }));
    const held = Array.from({ length: 40 }, (_, i) => ({
      path: `held${i}.ts`,
      language: "typescript",
      text: `hasOwnProperty(toString(ownThing${i % 6}));\n`,
    }));
    const [, asked] = domainSuites({ heldOut: held, sealed: [], train: [...train, ...own], header, seed: 0 });
    expect(asked!.items.length).toBe(40);
    for (const item of asked!.items)
      if (item.kind === "choice") for (const answer of [item.right, ...item.wrong]) expect(answer).toMatch(/^(ownThing\d|declaredHere)\)$/);
  });

  it("keeps the sealed files apart", () => {
    for (const suite of [headline, names]) {
      const seen = new Set(suite.items.map((item) => item.cluster));
      expect(suite.sealed.length).toBeGreaterThan(0);
      expect(suite.sealed.filter((item) => seen.has(item.cluster))).toEqual([]);
    }
  });

  it("depends on the seed and on nothing else", () => {
    expect(suites(0)).toEqual(suites(0));
    expect(suites(1)[0]!.items).not.toEqual(headline.items);
  });

  it("leaves the names out when too few can be made", () => {
    const few = domainSuites({ heldOut: documents.slice(0, 2), sealed: [], train: [], header, seed: 0 });
    expect(few.map((suite) => suite.name)).toEqual(["held-out-files"]);
  });
});
