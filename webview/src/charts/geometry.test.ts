import { describe, expect, it } from "vitest";
import { clampTo, path, placeLabels, spreadLabels, thin, ticks, tokenTicks, xScale, yScale, yScaleForSpikes, type Frame } from "./geometry";

const frame: Frame = { width: 500, height: 100, left: 40, right: 60, top: 10, bottom: 20 };

describe("scales", () => {
  it("map steps to the drawing area", () => {
    const x = xScale(frame, 1200);
    expect([x(0), x(600), x(1200)]).toEqual([40, 240, 440]);
  });
  it("leave air around values and survive flat and empty series", () => {
    const y = yScale(frame, [0, 10]);
    expect(y.domain()).toEqual([-1, 11]);
    const flat = yScale(frame, [3, 3, 3]);
    expect(flat(3)).toBe(45);
    expect(yScale(frame, [0, 0])(0)).toBe(45);
    expect(Number.isFinite(yScale(frame, [])(0.5))).toBe(true);
  });
  it("clamp to the drawing area", () => {
    expect(clampTo(yScale(frame, [0, 1]), -50)).toBe(80);
    expect(clampTo(yScale(frame, [0, 1]), 50)).toBe(10);
  });
  it("use a logarithm only for positive values with a spike", () => {
    expect(yScaleForSpikes(frame, [0.5, 0.6, 40]).invert(45)).toBeLessThan(10);
    expect(yScaleForSpikes(frame, [0.5, 0.6, 1]).domain()[0]).toBeCloseTo(0.45);
    expect(yScaleForSpikes(frame, [0, 0.6, 40]).domain()[0]).toBeLessThan(0);
  });
});

describe("ticks", () => {
  it("fit the room", () => {
    expect(ticks(xScale(frame, 1200), 80)).toEqual([0, 200, 400, 600, 800, 1000, 1200]);
    expect(ticks(xScale({ ...frame, width: 240 }, 1200), 80).length).toBeLessThanOrEqual(4);
  });
  it("put round tokens at the right steps", () => {
    const found = tokenTicks(xScale(frame, 1200), 2048, 100);
    expect(found.every(([tokens]) => tokens % 100_000 === 0)).toBe(true);
    expect(found.at(-1)![1]).toBeCloseTo(found.at(-1)![0] / 2048);
  });
});

describe("series", () => {
  it("write a path with one decimal", () => {
    expect(
      path([
        [0, 1.23456],
        [10, 20],
      ]),
    ).toBe("M0,1.2L10,20");
  });
  it("keep ends and extremes when thinned", () => {
    const points = Array.from({ length: 5000 }, (_, step) => ({ step, value: step === 3123 ? 99 : Math.sin(step / 50) }));
    const thinned = thin(points, 300, (point) => point.value);
    expect(thinned.length).toBeLessThanOrEqual(310);
    expect(thinned[0]!.step).toBe(0);
    expect(thinned.at(-1)!.step).toBe(4999);
    expect(thinned.some((point) => point.step === 3123)).toBe(true);
    expect([...thinned].sort((a, b) => a.step - b.step)).toEqual(thinned);
  });
});

describe("labels", () => {
  it("spread without leaving the frame and keep their order", () => {
    const places = spreadLabels([50, 52, 51, 95], 12, 10, 100);
    const inOrder = [places[0]!, places[2]!, places[1]!, places[3]!];
    inOrder.slice(1).forEach((place, index) => expect(place - inOrder[index]!).toBeGreaterThanOrEqual(12));
    expect(Math.max(...places)).toBeLessThanOrEqual(100);
  });
  it("never cover one another or a bubble, and leave out what has no room", () => {
    const points = Array.from({ length: 30 }, (_, i) => ({
      x: 200 + (i % 6) * 3,
      y: 40 + Math.floor(i / 6) * 2,
      radius: 4,
      text: "1,200",
    }));
    const placed = placeLabels(points, frame);
    const kept = placed.filter((label) => label !== undefined);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(30);
  });
  it("place a lone label to the right", () => {
    expect(placeLabels([{ x: 100, y: 50, radius: 4, text: "640" }], frame)[0]).toEqual({ x: 108, y: 54, anchor: "start" });
  });
});
