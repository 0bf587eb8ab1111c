import { describe, expect, it } from "vitest";
import { fromBfloat16, fromFloat16, toFloat16 } from "./half-floats";

describe("half precision", () => {
  it("reads and writes every finite float16 without a change", () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = fromFloat16(bits);
      if (Number.isNaN(value)) expect(Number.isNaN(fromFloat16(toFloat16(value)))).toBe(true);
      else if (toFloat16(value) !== bits) expect.fail(`bits ${bits} came back as ${toFloat16(value)}`);
    }
  });

  it("rounds to the nearest float16, ties to even", () => {
    for (let bits = 0; bits < 0x7bff; bits++) {
      const [low, high] = [fromFloat16(bits), fromFloat16(bits + 1)];
      const middle = (low + high) / 2;
      const [below, tie, above] = [low * 0.51 + high * 0.49, middle, low * 0.49 + high * 0.51].map(toFloat16);
      if (below !== bits || above !== bits + 1 || tie !== bits + (bits % 2)) expect.fail(`between ${low} and ${high}`);
    }
  });

  it("overflows to infinity from 65520 on", () => {
    expect([65519, 65520, -1e30, Infinity].map((value) => fromFloat16(toFloat16(value)))).toEqual([65504, Infinity, -Infinity, Infinity]);
  });

  it("reads bfloat16 as the upper half of a float32", () => {
    for (const value of [1, -2.5, 3.140625, 1e-30, 0]) {
      const bits = new Uint32Array(Float32Array.of(value).buffer)[0]!;
      expect(fromBfloat16(bits >>> 16)).toBe(new Float32Array(Uint32Array.of(bits & 0xffff0000).buffer)[0]);
    }
  });
});
