import { posix } from "node:path";

/** What every test's name has in it, to look at few names twice. */
const perhapsTest = /test|spec|e2e|it(?:\.|$)|cy(?:\.|$)/i;

/** Name without extension, and the extension with its dot; a leading dot belongs to the name. */
function partsOf(path: string): { stem: string; extension: string } {
  const start = path.lastIndexOf("/") + 1;
  const dot = path.lastIndexOf(".");
  return dot <= start ? { stem: path.slice(start), extension: "" } : { stem: path.slice(start, dot), extension: path.slice(dot) };
}

/** The stem of the file that a test is named after, or undefined when the name is not a test's. */
export function testedStem(path: string): string | undefined {
  return testedBy(partsOf(path).stem);
}

function testedBy(stem: string): string | undefined {
  if (!perhapsTest.test(stem)) return undefined;
  const match =
    /^(.+)[._-](?:test|tests|spec|specs|unittest|e2e|it|cy)$/i.exec(stem) ??
    /^test[s]?[_-](.+)$/i.exec(stem) ??
    /^(.+[a-z0-9])(?:Test|Tests|TestCase|IT|Spec)$/.exec(stem) ??
    /^Test([A-Z].+)$/.exec(stem);
  return match?.[1];
}

/** Directory names that say how a tree is laid out, not what is in it. */
const layoutSegments = new Set([
  "test",
  "tests",
  "__tests__",
  "spec",
  "specs",
  "unit",
  "integration",
  "e2e",
  "src",
  "main",
  "lib",
  "java",
  "kotlin",
  "scala",
  "groovy",
  "python",
  "js",
  "ts",
  "cs",
  "include",
]);

/** A directory without layout: `src/main/java/app/queue` and `src/test/java/app/queue` are both `app/queue`. */
function subjectOf(path: string): string {
  return posix
    .dirname(path)
    .split("/")
    .filter((segment) => segment !== "." && !layoutSegments.has(segment.toLowerCase()))
    .join("/");
}

function isSuffix(longer: string, shorter: string): boolean {
  return shorter === "" || longer === shorter || longer.endsWith(`/${shorter}`);
}

/** How surely a file is what the test tests, from where the two lie: 3 same directory, 2 same subject, 1 one subject ends in the other, 0 elsewhere. */
function closeness(test: string, implementation: string): number {
  if (posix.dirname(test) === posix.dirname(implementation)) return 3;
  const [a, b] = [subjectOf(test), subjectOf(implementation)];
  if (a === b) return 2;
  return isSuffix(a, b) || isSuffix(b, a) ? 1 : 0;
}

/** A test in TypeScript may test JavaScript, one in C++ a C file. */
function familyOf(extension: string): string {
  let family = families.get(extension);
  if (family === undefined) families.set(extension, (family = newFamily(extension.toLowerCase())));
  return family;
}

const families = new Map<string, string>();

function newFamily(bare: string): string {
  if (/^\.[cm]?[jt]sx?$/.test(bare)) return ".js";
  if (/^\.(c|cc|cpp|cxx|h|hh|hpp)$/.test(bare)) return ".c";
  if (/^\.(py|pyi|pyx)$/.test(bare)) return ".py";
  return bare;
}

/** Of several files with the stem the closest, of equally close ones the first by path; a distant one only when it is the only one. */
function bestMatch(paths: readonly string[], test: number, candidates: readonly number[]): number | undefined {
  let best: number | undefined;
  let score = candidates.length === 1 ? -1 : 0;
  for (const candidate of candidates) {
    const close = closeness(paths[test]!, paths[candidate]!);
    if (close < score || (close === score && (best === undefined || paths[candidate]! >= paths[best]!))) continue;
    best = candidate;
    score = close;
  }
  return best;
}

/**
 * Test and implementation by name: `queue_test.go` and `queue.go`, `test_queue.py` and `queue.py`, `QueueTest.java` and `Queue.java`.
 * A test has at most one implementation, so that common names do not chain everything together.
 * @returns pairs of indices into `paths`; which pairs does not depend on the order of the paths.
 */
export function testPairs(paths: readonly string[]): { readonly test: number; readonly implementation: number }[] {
  const tests: { readonly test: number; readonly key: string }[] = [];
  const byKey = new Map<string, number[]>();
  const isTest = new Uint8Array(paths.length);
  // Most names of a repository are no tests, and only stems that a test names are looked for among them.
  const stems = new Set<string>();
  paths.forEach((path, index) => {
    if (!perhapsTest.test(path)) return;
    const { stem, extension } = partsOf(path);
    const tested = testedBy(stem);
    if (tested === undefined) return;
    const key = `${tested.toLowerCase()}${familyOf(extension)}`;
    isTest[index] = 1;
    tests.push({ test: index, key });
    stems.add(tested.toLowerCase());
    byKey.set(key, []);
  });
  if (tests.length === 0) return [];
  paths.forEach((path, index) => {
    if (isTest[index] === 1) return;
    const { stem, extension } = partsOf(path);
    const lower = stem.toLowerCase();
    if (stems.has(lower)) byKey.get(`${lower}${familyOf(extension)}`)?.push(index);
  });
  return tests.flatMap(({ test, key }) => {
    const implementation = bestMatch(paths, test, byKey.get(key)!);
    return implementation === undefined ? [] : [{ test, implementation }];
  });
}
