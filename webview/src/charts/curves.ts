/** Loss by source, gradient norm and learning rate over the x axis of the gate timeline. */
import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { count, significant } from "@midtrain/protocol/words";
import type { RunView, StepPoint } from "@midtrain/protocol/run-view";
import { rate } from "../model/findings";
import { lastStep, tokensPerStep } from "../model/figures";
import { liveSteps, sourcesOf, undoneSteps } from "../model/steps";
import {
  path,
  round,
  sideMargins,
  spreadLabels,
  thin,
  ticks,
  xScale,
  yScale,
  yScaleForSpikes,
  type Frame,
  type Point,
  type Scale,
} from "./geometry";
import { glyph, hairlines, stepAxis } from "./parts";

interface Series {
  readonly label: string;
  readonly value: (point: StepPoint) => number | undefined;
}

interface CurveParts {
  readonly run: RunView;
  readonly width: number;
  readonly label: string;
  readonly series: readonly Series[];
  readonly number: (value: number) => string;
  readonly spikes: boolean;
  /** Said while no step is read. */
  readonly resting: string;
  /** The step that the reading line shows, or undefined. */
  readonly at: number | undefined;
  readonly readAt: (step: number | undefined) => void;
}

/** A loss or norm that was not a number reaches the page as null: it is not drawn. */
function finite(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

export function lossSeries(run: RunView): readonly Series[] {
  return sourcesOf(run).map((source) => ({ label: source, value: (point) => finite(point.lossBySource[source]) }));
}

export const gradNormSeries: readonly Series[] = [{ label: "norm", value: (point) => finite(point.gradNorm) }];
export const learningRateSeries: readonly Series[] = [{ label: "rate", value: (point) => finite(point.learningRate) }];

export function curves(parts: CurveParts): TemplateResult {
  const frame = frameOf(parts.width);
  const live = liveSteps(parts.run);
  const x = xScale(frame, lastStep(parts.run));
  const values = parts.run.steps.flatMap((point) => parts.series.map((each) => each.value(point))).filter((value) => value !== undefined);
  const y = parts.spikes ? yScaleForSpikes(frame, values) : yScale(frame, values);
  const undone = undoneSteps(parts.run);
  const bottom = frame.height - frame.bottom;
  return html`<svg
      class="chart curve"
      width=${frame.width}
      height=${frame.height}
      tabindex="0"
      role="application"
      aria-roledescription="chart"
      aria-label="${parts.label} Left and right arrows read the steps."
      @keydown=${(event: KeyboardEvent) => moveReading(event, parts, live)}
      @pointermove=${(event: PointerEvent) => parts.readAt(nearest(live, x.invert(event.offsetX)))}
      @pointerleave=${() => parts.readAt(undefined)}
    >
      ${yAxis(frame, y, parts.number)} ${hairlines(parts.run.marks, x, frame.top, bottom)}
      ${parts.series.map(
        (
          each,
          index,
        ) => svg`${undone.map((points) => svg`<path d=${seriesPath(points, each, x, y)} class="series line-${index === 0 ? 0 : 1} undone" />`)}
        <path d=${seriesPath(live, each, x, y)} class="series line-${index === 0 ? 0 : 1} dash-${index}" />`,
      )}
      ${endLabels(parts.series, live, frame, x, y)} ${anomalies(parts.run, x, frame.top)} ${cursor(parts, live, x, y, frame)}
      ${stepAxis(frame, x, tokensPerStep(parts.run))}
    </svg>
    <p class="reading quiet" data-reading aria-live="polite">${reading(parts, live)}</p>`;
}

function frameOf(width: number): Frame {
  return { ...sideMargins(width), height: 140, top: 12, bottom: 36 };
}

function seriesPath(points: readonly StepPoint[], series: Series, x: Scale, y: Scale): string {
  const drawn = thin(
    points.filter((point) => series.value(point) !== undefined),
    700,
    (point) => series.value(point)!,
  );
  return path(drawn.map((point): Point => [x(point.step), y(series.value(point)!)]));
}

function yAxis(frame: Frame, y: Scale, words: (value: number) => string): SVGTemplateResult {
  return svg`<g class="axis" aria-hidden="true">${ticks(y, 26).map((value) => svg`<path d="M${frame.left},${round(y(value))}H${frame.width - frame.right}" class="grid" /><text x=${frame.left - 6} y=${round(y(value)) + 4} text-anchor="end">${words(value)}</text>`)}</g>`;
}

function endLabels(series: readonly Series[], live: readonly StepPoint[], frame: Frame, x: Scale, y: Scale): readonly SVGTemplateResult[] {
  const last = live.at(-1);
  if (!last || series.length < 2) return [];
  const tail = live.slice(-Math.max(1, Math.ceil(live.length / 20)));
  const means = series.map((each) => tail.reduce((sum, point) => sum + (each.value(point) ?? 0), 0) / tail.length);
  const wishes = spreadLabels(
    means.map((mean) => y(mean) + 4),
    13,
    frame.top + 8,
    frame.height - frame.bottom - 2,
  );
  const most = Math.max(6, Math.floor((frame.width - x(last.step) - 8) / 6.2));
  return series.map(
    (each, index) =>
      svg`<text x=${round(x(last.step)) + 6} y=${round(wishes[index]!)} class="label-${index === 0 ? 0 : 1}" aria-hidden="true">${each.label.length > most ? `${each.label.slice(0, most - 1)}…` : each.label}<title>${each.label}</title></text>`,
  );
}

function anomalies(run: RunView, x: Scale, top: number): readonly SVGTemplateResult[] {
  return run.marks
    .filter((mark) => mark.kind === "anomaly")
    .map((mark) => svg`<g transform="translate(${round(x(mark.step))},${top - 5})"><title>${mark.text}</title>${glyph("anomaly")}</g>`);
}

function cursor(parts: CurveParts, live: readonly StepPoint[], x: Scale, y: Scale, frame: Frame): SVGTemplateResult | undefined {
  const point = live.find((each) => each.step === parts.at);
  if (!point) return undefined;
  return svg`<g class="cursor"><path d="M${round(x(point.step))},${frame.top}V${frame.height - frame.bottom}" />
    ${parts.series.map((each) => (each.value(point) === undefined ? undefined : svg`<circle cx=${round(x(point.step))} cy=${round(y(each.value(point)!))} r="3" />`))}</g>`;
}

function reading(parts: CurveParts, live: readonly StepPoint[]): string {
  const point = live.find((each) => each.step === parts.at);
  if (!point) return parts.resting;
  const values = parts.series.map((each) => {
    const value = each.value(point);
    return `${each.label} ${value === undefined ? "not drawn" : parts.number(value)}`;
  });
  return `Step ${count(point.step)}, ${count(point.tokens)} tokens: ${values.join(", ")}.`;
}

function nearest(points: readonly StepPoint[], step: number): number | undefined {
  if (points.length === 0) return undefined;
  return points.reduce((a, b) => (Math.abs(b.step - step) < Math.abs(a.step - step) ? b : a)).step;
}

function moveReading(event: KeyboardEvent, parts: CurveParts, live: readonly StepPoint[]): void {
  const last = live.length - 1;
  const stride = event.shiftKey ? Math.max(1, Math.round(live.length / 20)) : 1;
  const now = parts.at === undefined ? (event.key === "ArrowLeft" ? live.length : -1) : live.findIndex((point) => point.step === parts.at);
  const moves: Readonly<Record<string, number>> = {
    ArrowRight: Math.min(now + stride, last),
    ArrowLeft: Math.max(now - stride, 0),
    Home: 0,
    End: last,
  };
  const next = moves[event.key];
  if (next === undefined || last < 0) return;
  event.preventDefault();
  parts.readAt(live[next]!.step);
}

/** Columns and rows behind the curves, every recorded point in order. */
export function curveRows(run: RunView, series: readonly Series[], words: (value: number) => string): readonly (readonly string[])[] {
  const live = new Set(liveSteps(run));
  return run.steps.map((point) => [
    count(point.step),
    count(point.tokens),
    live.has(point) ? "live" : "undone",
    ...series.map((each) => (each.value(point) === undefined ? "" : words(each.value(point)!))),
  ]);
}

export const lossNumber = (value: number): string => significant(value);
export const rateNumber = (value: number): string => rate(value);
