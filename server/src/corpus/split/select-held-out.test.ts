import { expect, test } from "vitest";
import { seededRandom } from "../../platform/random";
import { orderOf, selectSealed, type Unit } from "./select-held-out";

function unitsOf(count: number): Unit[] {
  const random = seededRandom("sealed", count);
  return Array.from({ length: count }, (_, index) => {
    const name = `src/file-${index}.ts`;
    return { documents: [index], bytes: Math.floor(2 ** (6 + random.float() * 10)), stratum: "src", name, order: orderOf(1, name) };
  });
}

test.each([1, 2, 3, 20, 1000])("a third of %i units is sealed", (count) => {
  expect(selectSealed(unitsOf(count))).toHaveLength(Math.floor((count + 1) / 3));
});

test("one unit more or less moves few others", () => {
  const units = unitsOf(1000);
  const before = new Set(selectSealed(units));
  for (const gone of [units[3]!, units[500]!, units[999]!]) {
    const now = new Set(selectSealed(units.filter((unit) => unit !== gone)));
    const moved = units.filter((unit) => unit !== gone && before.has(unit) !== now.has(unit));
    expect(moved.length).toBeLessThanOrEqual(12);
  }
});
