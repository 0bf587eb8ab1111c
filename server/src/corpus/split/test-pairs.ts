import { posix } from "node:path";

/** The stem of the file that a test is named after, or undefined when the name is not a test's. */
export function testedStem(path: string): string | undefined {
  const name = posix.basename(path);
  const extension = posix.extname(name);
  const stem = name.slice(0, name.length - extension.length);
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
  const bare = extension.toLowerCase();
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
  const byStem = new Map<string, number[]>();
  paths.forEach((path, index) => {
    if (testedStem(path) !== undefined) return;
    const extension = posix.extname(path);
    const key = `${posix.basename(path, extension).toLowerCase()}${familyOf(extension)}`;
    const known = byStem.get(key);
    if (known === undefined) byStem.set(key, [index]);
    else known.push(index);
  });
  return paths.flatMap((path, test) => {
    const stem = testedStem(path);
    if (stem === undefined) return [];
    const candidates = byStem.get(`${stem.toLowerCase()}${familyOf(posix.extname(path))}`) ?? [];
    const implementation = bestMatch(paths, test, candidates);
    return implementation === undefined ? [] : [{ test, implementation }];
  });
}
