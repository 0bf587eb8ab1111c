import { describe, expect, it } from "vitest";
import { studentCdf, studentQuantile } from "./student-t";

/** Printed tables of Student's t (two-sided 95 %, 99 %, and power 0.8), and the closed forms for one and two degrees of freedom. */
const table: [p: number, degrees: number, t: number][] = [
  [0.975, 1, 12.706204736],
  [0.975, 2, 4.30265273],
  [0.975, 5, 2.570581836],
  [0.975, 10, 2.228138852],
  [0.975, 30, 2.042272456],
  [0.975, 120, 1.979930405],
  [0.995, 10, 3.169272673],
  [0.9995, 4, 8.610301581],
  [0.8, 10, 0.879057829],
  [0.975, 1e6, 1.959966],
];

describe("Student's t", () => {
  it.each(table)("quantile %d at %d degrees of freedom is %d", (p, degrees, t) => {
    expect(studentQuantile(p, degrees)).toBeCloseTo(t, 5);
    expect(studentQuantile(1 - p, degrees)).toBeCloseTo(-t, 5);
    expect(studentCdf(t, degrees)).toBeCloseTo(p, 7);
  });

  it("has the closed forms of one and two degrees of freedom", () => {
    for (const t of [-40, -3, -0.5, 0, 0.1, 1, 7, 100]) {
      expect(studentCdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 11);
      expect(studentCdf(t, 2)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 11);
    }
  });

  it("inverts its own distribution function far into the tail", () => {
    for (const degrees of [1, 3, 12, 200]) {
      for (const p of [1e-6, 1e-3, 0.1, 0.4, 0.5, 0.7, 0.999]) expect(studentCdf(studentQuantile(p, degrees), degrees)).toBeCloseTo(p, 10);
    }
  });

  it("is 0 and 1 at the ends", () => {
    expect([studentCdf(-Infinity, 5), studentCdf(Infinity, 5)]).toEqual([0, 1]);
  });
});
