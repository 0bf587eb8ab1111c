import { describe, expect, test } from "vitest";
import { seededRandom } from "../../platform/random";
import { splitDocuments, type SplitDocument } from "./split";
import { testedStem, testPairs } from "./test-pairs";

function repository(files: number, seed = 1): SplitDocument[] {
  const random = seededRandom("split", seed);
  return Array.from({ length: files }, (_, index) => ({
    path: `${random.pick(["src/api", "src/core", "lib/util", "docs"])}/unit${index}.${random.pick(["ts", "py"])}`,
    language: random.pick(["typescript", "python"]),
    bytes: 200 + random.int(8000),
  }));
}

const options = { heldOutShare: 0.05, minHeldOutFiles: 20, seed: 0 };

function counts(documents: readonly SplitDocument[], sides: readonly string[]): Record<string, { documents: number; bytes: number }> {
  return Object.fromEntries(
    ["train", "held-out", "sealed"].map((side) => {
      const members = documents.filter((_, index) => sides[index] === side);
      return [side, { documents: members.length, bytes: members.reduce((sum, member) => sum + member.bytes, 0) }];
    }),
  );
}

describe("what is held out", () => {
  test.each([100, 400, 3000])("at least the share and the files of %i documents, a third sealed", (files) => {
    const documents = repository(files);
    const split = splitDocuments(documents, [], options);
    const {
      train,
      "held-out": open,
      sealed,
    } = counts(documents, split.sides) as Record<"train" | "held-out" | "sealed", { documents: number; bytes: number }>;
    const total = train.bytes + open.bytes + sealed.bytes;
    const held = open.documents + sealed.documents;
    expect(open.bytes + sealed.bytes).toBeGreaterThanOrEqual(0.05 * total);
    expect(open.bytes + sealed.bytes).toBeLessThanOrEqual(0.26 * total);
    expect(held).toBeGreaterThanOrEqual(20);
    expect(sealed.documents / held).toBeGreaterThan(0.28);
    expect(sealed.documents / held).toBeLessThan(0.4);
    expect(sealed.bytes / (open.bytes + sealed.bytes)).toBeGreaterThan(0.2);
    expect(split.note).toBeUndefined();
  });

  test("every directory and language with enough text is represented", () => {
    const documents = repository(2000);
    const { sides } = splitDocuments(documents, [], options);
    const held = new Set(
      documents
        .filter((_, index) => sides[index] !== "train")
        .map((document) => `${document.path.split("/").slice(0, 2).join("/")} ${document.language}`),
    );
    const all = new Set(documents.map((document) => `${document.path.split("/").slice(0, 2).join("/")} ${document.language}`));
    expect([...all].filter((stratum) => stratum.startsWith("src") && !held.has(stratum))).toEqual([]);
  });

  test("components are never cut", () => {
    const documents = repository(600);
    const random = seededRandom("edges");
    const edges = Array.from({ length: 300 }, () => ({ a: random.int(600), b: random.int(600) }));
    const { sides } = splitDocuments(documents, edges, options);
    for (const { a, b } of edges) expect(sides[a]).toBe(sides[b]);
    expect(new Set(sides).size).toBe(3);
  });

  test("depends on the seed, not on the order of the documents, and a new file moves few others", () => {
    const documents = repository(500);
    const heldOf = (list: readonly SplitDocument[], seed = 0): Set<string> => {
      const { sides } = splitDocuments(list, [], { ...options, seed });
      return new Set(list.filter((_, index) => sides[index] !== "train").map((document) => document.path));
    };
    expect(heldOf([...documents].reverse())).toEqual(heldOf(documents));
    expect(heldOf(documents, 7)).not.toEqual(heldOf(documents));
    const before = heldOf(documents);
    const after = heldOf([...documents, { path: "src/api/new.ts", language: "typescript", bytes: 900 }]);
    expect([...before].filter((path) => !after.has(path)).length).toBeLessThanOrEqual(3);
  });
});

describe("held out on request", () => {
  const documents = repository(600);

  test("whole directories, with what hangs together with them", () => {
    const outside = documents.findIndex(({ path }) => path.startsWith("src/core"));
    const inside = documents.findIndex(({ path }) => path.startsWith("docs/"));
    const split = splitDocuments(documents, [{ a: outside, b: inside }], { ...options, heldOut: { directories: ["docs", "lib/*/none"] } });
    documents.forEach(({ path }, index) => {
      if (path.startsWith("docs/") || index === outside) expect(split.sides[index]).not.toBe("train");
    });
    expect(new Set(split.sides)).toEqual(new Set(["train", "held-out", "sealed"]));
    expect(split.words).toMatch(/because of corpus.heldOut/);
  });

  test("files that are too new, and files that belong together by their history", () => {
    const late = documents[3]!.path;
    const kin = documents.find(({ path }) => path.startsWith("src/api"))!.path;
    const { sides } = splitDocuments(documents, [], {
      ...options,
      isLate: (path) => path === late,
      together: [
        { a: kin, b: late },
        { a: "gone.ts", b: late },
      ],
    });
    const sideOf = (path: string): string => sides[documents.findIndex((document) => document.path === path)]!;
    expect(sideOf(late)).not.toBe("train");
    expect(sideOf(kin)).toBe(sideOf(late));
  });

  test("more than is trained on is said", () => {
    expect(splitDocuments(documents, [], { ...options, isLate: (path) => !path.startsWith("docs") }).note).toMatch(
      /more than is trained on/,
    );
  });
});

describe("too little to hold out", () => {
  test("a small repository gives up no more than a quarter, and says so", () => {
    const documents = repository(24);
    const split = splitDocuments(documents, [], options);
    const held = split.sides.filter((side) => side !== "train").length;
    expect(held).toBe(6);
    expect(split.sides.filter((side) => side === "sealed").length).toBe(2);
    expect(split.note).toMatch(/Only 6 files/);
  });

  test("one group of similar files stays together in training, and it is said", () => {
    const documents = repository(10);
    const split = splitDocuments(
      documents,
      documents.map((_, index) => ({ a: 0, b: index })),
      options,
    );
    expect(new Set(split.sides)).toEqual(new Set(["train"]));
    expect(split.note).toMatch(/one group/);
  });

  test("nothing at all", () => {
    expect(splitDocuments([], [], options)).toMatchObject({ sides: [], note: "There is no document to hold out." });
  });
});

describe("tests and what they test", () => {
  test.each([
    ["src/queue_test.go", "queue"],
    ["tests/test_queue.py", "queue"],
    ["src/Queue.test.ts", "Queue"],
    ["src/test/java/QueueTest.java", "Queue"],
    ["spec/queue_spec.rb", "queue"],
    ["src/queue.go", undefined],
    ["src/latest.py", undefined],
    ["src/Contest.java", undefined],
  ])("%s tests %s", (path, stem) => {
    expect(testedStem(path)).toBe(stem);
  });

  test("are paired with the file that lies closest, whatever the order of the paths", () => {
    const paths = [
      "a/util.py",
      "b/util.py",
      "b/tests/test_util.py",
      "src/main/java/app/Queue.java",
      "src/test/java/app/QueueTest.java",
      "lib/x.ts",
      "lib/x.test.ts",
      "cmd/y/tool_test.go",
      "other/tool.go",
      "third/tool.go",
    ];
    const named = (list: readonly string[]): string[] =>
      testPairs(list)
        .map(({ test: pair, implementation }) => `${list[pair]} > ${list[implementation]}`)
        .sort();
    expect(named(paths)).toEqual([
      "b/tests/test_util.py > b/util.py",
      "lib/x.test.ts > lib/x.ts",
      "src/test/java/app/QueueTest.java > src/main/java/app/Queue.java",
    ]);
    expect(named([...paths].reverse())).toEqual(named(paths));
  });

  test("stay on one side", () => {
    const documents = repository(200).flatMap((document) => [
      document,
      { ...document, path: document.path.replace(/\.(ts|py)$/, "_test.$1") },
    ]);
    const { sides } = splitDocuments(documents, [], options);
    for (let index = 0; index < documents.length; index += 2) expect(sides[index]).toBe(sides[index + 1]);
    expect(new Set(sides).size).toBe(3);
  });
});
