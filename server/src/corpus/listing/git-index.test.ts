import { expect, test } from "vitest";
import { seededRandom } from "../../platform/random";
import { requireGit } from "./git";
import { IndexParser, readIndex } from "./git-index";
import { repositoryOf } from "../test-repository";

const names = ["a", "  ctime: 1:2\n  size: 7\tflags: 0\n", "b\tc", "é", "H 100644 x 0\ty", "d/e", "z\n  size: 9"];

test("wherever the output is cut, the entries are the same, and names cannot pass for lines about a file", async () => {
  const directory = repositoryOf(Object.fromEntries(names.map((name) => [name, name])));
  const output = await requireGit(directory, ["ls-files", "-z", "-v", "-s", "--debug"]);
  const whole = await readIndex(directory, []);
  expect(whole.entries.map((entry) => entry.path).sort()).toEqual([...names].sort());
  for (const entry of whole.entries) expect(entry).toMatchObject({ size: Buffer.byteLength(entry.path), isUnwatched: false });
  for (let cut = 0; cut <= output.length; cut++) {
    const parser = new IndexParser();
    parser.push(output.subarray(0, cut));
    parser.push(output.subarray(cut));
    expect(parser.end()).toEqual(whole);
  }
  const random = seededRandom("cuts");
  const parser = new IndexParser();
  for (let at = 0; at < output.length;) {
    const next = at + 1 + random.int(5);
    parser.push(output.subarray(at, next));
    at = next;
  }
  expect(parser.end()).toEqual(whole);
});

test("without the lines about a file no size is known", async () => {
  const directory = repositoryOf({ a: "a", b: "b" });
  const parser = new IndexParser();
  parser.push(await requireGit(directory, ["ls-files", "-z", "-v", "-s"]));
  expect(parser.end().entries.map(({ path, size }) => [path, size])).toEqual([
    ["a", undefined],
    ["b", undefined],
  ]);
});
