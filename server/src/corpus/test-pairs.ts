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

function sharedSegments(a: string, b: string): number {
  const [left, right] = [a.split("/"), b.split("/")];
  let front = 0;
  while (front < left.length && left[front] === right[front]) front++;
  let back = 0;
  while (back < left.length - front && back < right.length - front && left[left.length - 1 - back] === right[right.length - 1 - back])
    back++;
  return 2 * front + back - Math.abs(left.length - right.length) / 8;
}

/**
 * Test and implementation by name: `queue_test.go` and `queue.go`, `test_queue.py` and `queue.py`, `QueueTest.java` and `Queue.java`.
 * Where several files bear the stem, the one whose directory resembles the test's most is taken, so that common names do not chain everything.
 * @returns pairs of indices into `paths`, one per test that has an implementation.
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
    const directory = posix.dirname(path);
    let implementation = -1;
    let best = -Infinity;
    for (const candidate of candidates) {
      const score = sharedSegments(directory, posix.dirname(paths[candidate]!));
      if (score <= best) continue;
      best = score;
      implementation = candidate;
    }
    return implementation < 0 ? [] : [{ test, implementation }];
  });
}

/** A test in TypeScript may test JavaScript, one in C++ a C file. */
function familyOf(extension: string): string {
  const bare = extension.toLowerCase();
  if (/^\.[cm]?[jt]sx?$/.test(bare)) return ".js";
  if (/^\.(c|cc|cpp|cxx|h|hh|hpp)$/.test(bare)) return ".c";
  if (/^\.(py|pyi|pyx)$/.test(bare)) return ".py";
  return bare;
}
