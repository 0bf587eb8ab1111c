/** The gate timeline: one lane per bucket over one x axis. Positive is better, so up is better in every lane. */
import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { bucketNames, type BucketFigures, type BucketName } from "@midtrain/protocol/measures";
import { decidingSuite } from "@midtrain/protocol/figure-words";
import { changeText, count, decimalsFor, figure, figureDecimals, fixed, rawChange, signed } from "@midtrain/protocol/words";
import type { EvaluationPoint, RunMark, RunView } from "@midtrain/protocol/run-view";
import { bucketTitle } from "../model/findings";
import {
  gapWindowEnd,
  lastStep,
  latestPoint,
  livePoints,
  tokensPerStep,
  tolerance,
  undonePoints,
  lookAt,
  verdictLook,
} from "../model/figures";
import { verdictMark } from "../ui/icons";
import { leaveReading, rove } from "../ui/roving";
import { clampTo, path, round, sideMargins, xScale, yScale, type Frame, type Point, type Scale } from "./geometry";
import { glyph, hairlines, markKey, markWords, stepAxis, type ChartActions } from "./parts";

const laneHeight = 76;
/** From this width on, words stand beside the charts and not above them. */
export const sideBySide = 760;
/** Width of the words beside the lanes; the training charts put their titles into the same column. */
export const sideColumn = 300;

interface TimelineParts extends ChartActions {
  readonly run: RunView;
  readonly width: number;
  readonly reading: string;
}

export function timeline(parts: TimelineParts): TemplateResult {
  const wide = parts.width >= sideBySide;
  const chartWidth = wide ? parts.width - sideColumn : parts.width;
  const frame: Frame = { ...sideMargins(chartWidth), height: laneHeight, top: 10, bottom: 10 };
  const x = xScale(frame, lastStep(parts.run));
  return html`<div class="lanes ${wide ? "wide" : ""}">
      ${bucketNames.map((bucket) => html`${laneWords(parts.run, bucket, parts)}${lane(parts, bucket, frame, x)}`)}
      <div class="lane-words quiet marks-title">${markKey(parts.run.marks)}</div>
      ${markStrip(parts, frame, x)}
    </div>
    <p class="reading quiet" data-reading>
      ${parts.reading === "" ? "Up is better in every lane; the bar is the 95 % interval, the shaded band is what the tolerance allows." : parts.reading}
    </p>`;
}

function laneWords(run: RunView, bucket: BucketName, actions: ChartActions): TemplateResult {
  const point = latestPoint(run);
  const figures = point?.buckets[bucket] ?? run.document.baseline?.[bucket];
  if (!figures)
    return html`<div class="lane-words"><strong>${bucketTitle(bucket)}</strong><span class="quiet">not measured yet</span></div>`;
  const allowed = tolerance(run, bucket);
  return html`<div class="lane-words">
    <span class="lane-head"
      ><strong>${bucketTitle(bucket)}</strong
      >${point ? verdictMark(lookAt(run, bucket, point)) : html`<span class="quiet">base</span>`}</span
    >
    ${point ? html`<button class="figure-link" data-items @click=${() => actions.openItems(point)}>${figure(figures)}</button>` : html`<span>${figure(figures)}</span>`}
    <span class="quiet">${figures.suite}${allowed > 0 ? `, tolerance ${fixed(allowed, figureDecimals(figures))}` : ""}</span>
    ${decider(bucket, figures)}
  </div>`;
}

/** The worst suite decides a bucket; where that is not the headline suite, its own word and figure stand below. */
function decider(bucket: BucketName, figures: BucketFigures): TemplateResult | typeof nothing {
  const suite = decidingSuite(figures);
  return suite.suite === figures.suite
    ? nothing
    : html`<span class="quiet">${suite.suite} is ${verdictLook(bucket, suite).word}: ${changeText(suite)} ${suite.unit}</span>`;
}

function lane(parts: TimelineParts, bucket: BucketName, frame: Frame, x: Scale): TemplateResult {
  const { run } = parts;
  const live = livePoints(run);
  const undone = undonePoints(run);
  const allowed = tolerance(run, bucket);
  const y = yScale(frame, laneValues([...live, ...undone], bucket, allowed), 0.08);
  const stop = live.at(-1) ?? undone.at(-1);
  const base = live.at(-1)?.buckets[bucket] ?? run.document.baseline?.[bucket];
  const bottom = frame.height;
  return html`<svg
    class="chart lane"
    width=${frame.width}
    height=${frame.height}
    role="group"
    aria-label="${bucketTitle(bucket)}: ${count(live.length)} evaluations"
    @keydown=${rove}
    @pointerleave=${(event: Event) => leaveReading(event, () => parts.read(""))}
  >
    ${toleranceBand(run, allowed, bucket === "domain" ? 1 : run.identity.recipe.gates.gapWindow.factor, frame, x, y)}
    <path d="M${frame.left},${round(y(0))}H${frame.width - frame.right}" class="base-line" />
    ${base ? valueTicks(base, allowed, frame, y) : nothing} ${hairlines(run.marks, x, 0, bottom)}
    ${branches(undone).map((points) => svg`<path d=${path(linePoints(points, bucket, x, y))} class="series undone" />`)}
    <path d=${path([[x(0), y(0)], ...linePoints(live, bucket, x, y)])} class="series" />
    ${undone.map((point) => dot(parts, point, bucket, x, y, point === stop))}
    ${base ? svg`<circle cx=${round(x(0))} cy=${round(y(0))} r="3" class="base-dot"><title>The base: ${figure({ ...base, delta: 0, low: 0, high: 0 })}</title></circle>` : nothing}
    ${live.map((point) => dot(parts, point, bucket, x, y, point === stop))} ${endLabel(live.at(-1), bucket, frame, x, y)}
  </svg>`;
}

/** The base's value at the base line, and the value at the edge of the tolerance where there is room for it. */
function valueTicks(base: BucketFigures, allowed: number, frame: Frame, y: Scale): SVGTemplateResult {
  const digits = decimalsFor(base.base);
  const limit = base.base + rawChange(base.better, -allowed);
  const text = (value: number, at: number): SVGTemplateResult =>
    svg`<text x=${frame.left - 6} y=${round(at) + 4} text-anchor="end" class="quiet" aria-hidden="true">${fixed(value, digits)}</text>`;
  return svg`${text(base.base, y(0))}${allowed > 0 && Math.abs(y(-allowed) - y(0)) > 13 ? text(limit, clampTo(y, -allowed)) : nothing}`;
}

/** The lane shows every interval, the base line, and the edge of the tolerance where it is near. */
function laneValues(points: readonly EvaluationPoint[], bucket: BucketName, allowed: number): readonly number[] {
  const values = points.flatMap((point) => [point.buckets[bucket].low, point.buckets[bucket].high]);
  return [0, ...values, ...(allowed > 0 ? [-allowed] : [])];
}

function linePoints(points: readonly EvaluationPoint[], bucket: BucketName, x: Scale, y: Scale): readonly Point[] {
  return points.map((point) => [x(point.step), y(point.buckets[bucket].delta)] as const);
}

function branches(points: readonly EvaluationPoint[]): readonly (readonly EvaluationPoint[])[] {
  return [...new Set(points.map((point) => point.branch))].map((branch) => points.filter((point) => point.branch === branch));
}

/** From the base line down to the tolerance; inside the declared gap window the tolerance is wider (§5.1). */
function toleranceBand(
  run: RunView,
  allowed: number,
  factor: number,
  frame: Frame,
  x: Scale,
  y: Scale,
): SVGTemplateResult | typeof nothing {
  if (allowed <= 0) return nothing;
  const right = frame.width - frame.right;
  const zero = round(y(0));
  const edge = round(clampTo(y, -allowed));
  const gapEdge = round(Math.min(frame.height, y(-allowed * factor)));
  const gap = round(x(gapWindowEnd(run)));
  return svg`<path d="M${frame.left},${zero}H${right}V${edge}H${gap}V${gapEdge}H${frame.left}Z" class="band" />
    <path d="M${frame.left},${gapEdge}H${gap}V${edge}H${right}" class="band-edge" />`;
}

function dot(parts: TimelineParts, point: EvaluationPoint, bucket: BucketName, x: Scale, y: Scale, isStop: boolean): SVGTemplateResult {
  const figures = point.buckets[bucket];
  const look = lookAt(parts.run, bucket, point);
  const text = pointWords(parts.run, bucket, point);
  const read = (): void => parts.read(text);
  const cx = round(x(point.step));
  return svg`<g class="point tone-${look.tone} ${point.live ? "" : "undone"}" data-stop tabindex=${isStop ? "0" : "-1"} role="button" aria-label=${text} @focus=${read} @pointerenter=${read} @click=${() => {
    read();
    parts.openItems(point);
  }}>
    <path d="M${cx},${round(y(figures.low))}V${round(y(figures.high))}" class="whisker" />
    <rect x=${cx - 9} y="0" width="18" height=${laneHeight} class="target" />
    ${dotShape(look.tone, cx, round(y(figures.delta)))}
  </g>`;
}

/** A shape for each tone, so that colour is never alone. */
function dotShape(tone: string, cx: number, cy: number): SVGTemplateResult {
  if (tone === "warning") return svg`<path d="M${cx},${cy - 6}L${cx + 5.5},${cy + 4}H${cx - 5.5}Z" class="dot" />`;
  if (tone === "error")
    return svg`<path d="M${cx - 4},${cy - 4}L${cx + 4},${cy + 4}M${cx + 4},${cy - 4}L${cx - 4},${cy + 4}" class="dot cross" />`;
  if (tone === "neutral") return svg`<circle cx=${cx} cy=${cy} r="3.5" class="dot hollow" />`;
  return svg`<circle cx=${cx} cy=${cy} r="4" class="dot" />`;
}

function pointWords(run: RunView, bucket: BucketName, point: EvaluationPoint): string {
  const figures = point.buckets[bucket];
  const undone = point.live ? "" : ", undone by a rollback";
  return `${bucketTitle(bucket)} at step ${count(point.step)}: ${figure(figures)}, ${lookAt(run, bucket, point).word}${undone}.`;
}

function endLabel(
  point: EvaluationPoint | undefined,
  bucket: BucketName,
  frame: Frame,
  x: Scale,
  y: Scale,
): SVGTemplateResult | typeof nothing {
  if (!point) return nothing;
  const figures: BucketFigures = point.buckets[bucket];
  const at = Math.min(Math.max(y(figures.delta) + 4, 12), frame.height - 4);
  return svg`<text x=${round(x(point.step)) + 10} y=${round(at)} class="end-label" aria-hidden="true">${signed(rawChange(figures.better, figures.delta), figureDecimals(figures))}</text>`;
}

function markStrip(parts: TimelineParts, lane: Frame, x: Scale): TemplateResult {
  const frame: Frame = { ...lane, height: 62, bottom: 36 };
  const { marks } = parts.run;
  return html`<svg
    class="chart"
    width=${frame.width}
    height=${frame.height}
    role="group"
    aria-label="Marks"
    @keydown=${rove}
    @pointerleave=${(event: Event) => leaveReading(event, () => parts.read(""))}
  >
    ${hairlines(marks, x, 0, frame.height - frame.bottom)}
    ${marks.map((mark, index) => markGlyph(mark, x, index === marks.length - 1, parts.read))}
    ${stepAxis(frame, x, tokensPerStep(parts.run))}
  </svg>`;
}

function markGlyph(mark: RunMark, x: Scale, first: boolean, say: (text: string) => void): SVGTemplateResult {
  const text = `Step ${count(mark.step)}, ${markWords[mark.kind]}: ${mark.text}`;
  const read = (): void => say(text);
  return svg`<g transform="translate(${round(x(mark.step))},14)" class="mark ${mark.kind}" data-stop tabindex=${first ? "0" : "-1"} role="img" aria-label=${text} @focus=${read} @pointerenter=${read} @click=${read}>
    <rect x="-8" y="-10" width="16" height="20" class="target" />${glyph(mark.kind)}
  </g>`;
}

/** Words of one evaluation for the data table: figure and verdict. */
export function bucketCell(run: RunView, bucket: BucketName, point: EvaluationPoint): TemplateResult {
  const figures = point.buckets[bucket];
  return html`${changeText(figures)} ${verdictMark(lookAt(run, bucket, point))}`;
}
