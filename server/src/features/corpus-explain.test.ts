import { describe, expect, it } from "vitest";
import { remediesOf } from "./corpus-explain";

describe("what can be done about a reject", () => {
  it("is to include it or to switch its rule off where a rule judged what it is", () => {
    for (const rule of ["generated", "vendored", "data-heavy", "lock-file", "key-file"])
      expect(remediesOf(rule, 10)).toEqual([{ do: "include" }, { do: "rule-off", rule }]);
  });

  it("is to raise the limit of a large file to its size", () => {
    expect(remediesOf("too-large", 2_000_000)).toEqual([{ do: "raise-limit", bytes: 2_000_000 }]);
  });

  it("is never to include what a mark, a licence or the bytes themselves keep out", () => {
    for (const rule of [
      "attribute-midtrain",
      "marker-midtrain",
      "licence",
      "empty",
      "lfs-pointer",
      "symlink",
      "secret-in-path",
      "excluded",
    ])
      expect(remediesOf(rule, 10)).toMatchObject([{ do: "configuration" }]);
    expect(remediesOf("binary", 10, false)).toMatchObject([{ do: "configuration" }]);
    expect(remediesOf("binary", 10, true)).toMatchObject([{ do: "include" }, { do: "rule-off" }]);
  });
});
