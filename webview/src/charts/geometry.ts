/** Pure geometry of the charts: pixels from figures. No DOM, no Lit. */
import { extent } from "d3-array";
import { scaleLinear, scaleLog, type ScaleContinuousNumeric } from "d3-scale";
import { line } from "d3-shape";

export type Scale = ScaleContinuousNumeric<number, number>;
export type Point = readonly [x: number, y: number];

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Left and right margins that every chart over the steps shares, so that their axes line up. */
export function sideMargins(width: number): Pick<Frame, "width" | "left" | "right"> {
  const compact = width < 480;
  return { width: Math.max(220, width), left: 52, right: compact ? 56 : 96 };
}

export function xScale(frame: Frame, lastStep: number): Scale {
  return scaleLinear()
    .domain([0, lastStep])
    .range([frame.left, frame.width - frame.right]);
}

/** Linear y over the values with air above and below; a flat series gets a band around it. */
export function yScale(frame: Frame, values: readonly number[], air = 0.1): Scale {
  const [low, high] = extent(values);
  const from = low ?? 0;
  const to = high ?? 1;
  const pad = to > from ? (to - from) * air : Math.max(Math.abs(to) * 0.5, 1e-9);
  return scaleLinear()
    .domain([from - pad, to + pad])
    .range([frame.height - frame.bottom, frame.top]);
}

/** Logarithmic y for positive values over more than a decade and a half (gradient norms with a spike), else linear. */
export function yScaleForSpikes(frame: Frame, values: readonly number[]): Scale {
  const positive = values.filter((value) => value > 0);
  const [low, high] = extent(positive);
  if (low === undefined || high === undefined || positive.length < values.length || high / low < 15) return yScale(frame, values);
  return scaleLog()
    .domain([low / 1.2, high * 1.2])
    .range([frame.height - frame.bottom, frame.top]);
}

export function clampTo(scale: Scale, value: number): number {
  const [a = 0, b = 0] = scale.range();
  return Math.min(Math.max(scale(value), Math.min(a, b)), Math.max(a, b));
}

export function path(points: readonly Point[]): string {
  return (
    line<Point>()
      .x((point) => round(point[0]))
      .y((point) => round(point[1]))([...points]) ?? ""
  );
}

/** Half-pixel exactness is enough; long decimals only make the document heavy. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Ticks that have room: about one per `room` pixels, at round values. */
export function ticks(scale: Scale, room: number): readonly number[] {
  const [a = 0, b = 0] = scale.range();
  const kept: number[] = [];
  for (const tick of scale.ticks(Math.max(1, Math.floor(Math.abs(b - a) / room)))) {
    const before = kept.at(-1);
    if (before === undefined || Math.abs(scale(tick) - scale(before)) >= room * 0.6) kept.push(tick);
  }
  return kept;
}

/** Round token counts on an axis whose domain is steps: `[tokens, step]`. */
export function tokenTicks(x: Scale, tokensPerStep: number, room: number): readonly (readonly [tokens: number, step: number])[] {
  const [first = 0, last = 1] = x.domain();
  const inTokens = scaleLinear()
    .domain([first * tokensPerStep, last * tokensPerStep])
    .range(x.range());
  return ticks(inTokens, room).map((tokens) => [tokens, tokens / tokensPerStep] as const);
}

/** Lower the resolution of a series to about `limit` points, keeping first, last and every extreme of a bucket. */
export function thin<T>(points: readonly T[], limit: number, value: (point: T) => number): readonly T[] {
  if (points.length <= limit) return points;
  const size = Math.ceil(points.length / (limit / 2));
  const kept = new Set<T>([points[0]!, points.at(-1)!]);
  for (let start = 0; start < points.length; start += size) {
    const bucket = points.slice(start, start + size);
    kept.add(bucket.reduce((best, point) => (value(point) < value(best) ? point : best)));
    kept.add(bucket.reduce((best, point) => (value(point) > value(best) ? point : best)));
  }
  return points.filter((point) => kept.has(point));
}

/**
 * Vertical places for labels at the ends of lines: each as near to its wish as the minimum distance allows,
 * inside [top, bottom], in the order of the wishes.
 */
export function spreadLabels(wishes: readonly number[], distance: number, top: number, bottom: number): readonly number[] {
  const order = wishes.map((_, index) => index).sort((a, b) => wishes[a]! - wishes[b]!);
  const places = [...wishes];
  let floor = top;
  for (const index of order) {
    places[index] = Math.max(wishes[index]!, floor);
    floor = places[index]! + distance;
  }
  let ceiling = bottom;
  for (const index of [...order].reverse()) {
    places[index] = Math.min(places[index]!, ceiling);
    ceiling = places[index]! - distance;
  }
  return places;
}

interface LabelBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface PlacedLabel {
  readonly x: number;
  readonly y: number;
  readonly anchor: "start" | "end" | "middle";
}

/**
 * Greedy places for point labels: right, left, above, below (or above first, where a line leaves to the right); a label that would cover another label, a bubble or
 * the edge is left out (`undefined`), its value stays in the table. Earlier points have precedence.
 */
export function placeLabels(
  points: readonly { readonly x: number; readonly y: number; readonly radius: number; readonly text: string; readonly above?: boolean }[],
  frame: Frame,
): readonly (PlacedLabel | undefined)[] {
  const height = 13;
  const obstacles: LabelBox[] = points.map((point) => ({
    x: point.x - point.radius,
    y: point.y - point.radius,
    width: point.radius * 2,
    height: point.radius * 2,
  }));
  return points.map((point) => {
    const width = point.text.length * 6.6;
    const gap = point.radius + 4;
    const options: readonly (readonly [PlacedLabel, LabelBox])[] = [
      [
        { x: point.x + gap, y: point.y + 4, anchor: "start" },
        { x: point.x + gap, y: point.y - 7, width, height },
      ],
      [
        { x: point.x - gap, y: point.y + 4, anchor: "end" },
        { x: point.x - gap - width, y: point.y - 7, width, height },
      ],
      [
        { x: point.x, y: point.y - gap, anchor: "middle" },
        { x: point.x - width / 2, y: point.y - gap - 10, width, height },
      ],
      [
        { x: point.x, y: point.y + gap + 9, anchor: "middle" },
        { x: point.x - width / 2, y: point.y + gap - 2, width, height },
      ],
    ];
    const inOrder = point.above === true ? [options[2]!, ...options] : options;
    const found = inOrder.find(([, box]) => inside(box, frame) && !obstacles.some((other) => overlaps(box, other)));
    if (!found) return undefined;
    obstacles.push(found[1]);
    return found[0];
  });
}

function overlaps(a: LabelBox, b: LabelBox): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function inside(box: LabelBox, frame: Frame): boolean {
  return box.x >= frame.left && box.x + box.width <= frame.width && box.y >= 0 && box.y + box.height <= frame.height - frame.bottom;
}
