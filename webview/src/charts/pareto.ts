/** Domain gain against general change, both against the base at the origin. */
import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { count, decimalsFor, fixed, rawChange, signed } from "@midtrain/protocol/words";
import type { CheckpointScore } from "@midtrain/protocol/run";
import type { RunView } from "@midtrain/protocol/run-view";
import { selectedCandidate } from "../model/findings";
import { sentence } from "../model/run-words";
import { capitalised, latestPoint, shownCandidates, tolerance } from "../model/figures";
import { leaveReading, rove } from "../ui/roving";
import { path, placeLabels, round, ticks, yScale, type Frame, type Scale } from "./geometry";
import { type ChartActions } from "./parts";

interface ParetoParts extends ChartActions {
  readonly run: RunView;
  readonly width: number;
  readonly reading: string;
}

export function pareto(parts: ParetoParts): TemplateResult {
  const { run } = parts;
  const frame: Frame = { width: Math.max(220, parts.width), height: 300, left: 52, right: 16, top: 26, bottom: 44 };
  const allowed = tolerance(run, "general");
  const reach = Math.max(...shownCandidates(run).map((candidate) => -candidate.general), 0);
  const showTolerance = allowed > 0 && reach > allowed * 0.35;
  const x = horizontal(
    frame,
    shownCandidates(run).map((candidate) => candidate.domain),
  );
  const y = yScale(frame, [0, ...shownCandidates(run).map((candidate) => candidate.general), ...(showTolerance ? [-allowed] : [])], 0.15);
  const shown = inDrawingOrder(run);
  const places = shown.map((candidate) => ({
    x: x(candidate.domain),
    y: y(candidate.general),
    radius: radiusOf(run, candidate) + (isSelected(run, candidate) ? 5 : 0),
    text: labelOf(candidate),
    above: candidate.step === 0,
  }));
  const labels = placeLabels(places, frame);
  return html`<svg
      class="chart pareto"
      width=${frame.width}
      height=${frame.height}
      role="group"
      aria-label="Checkpoints by domain and general change"
      @keydown=${rove}
      @pointerleave=${(event: Event) => leaveReading(event, () => parts.read(""))}
    >
      ${axes(run, frame, x, y)}
      ${showTolerance ? svg`<path d="M${frame.left},${round(y(-allowed))}H${frame.width - frame.right}" class="band-edge" /><text x=${frame.width - frame.right} y=${round(y(-allowed)) - 5} text-anchor="end" class="quiet">tolerance of general</text>` : nothing}
      <path d=${path(front(run).map((candidate) => [x(candidate.domain), y(candidate.general)] as const))} class="front" />
      ${shown.map((candidate, index) => bubble(parts, candidate, x, y, index === 0))}
      ${shown.map((candidate, index) => {
        const place = labels[index];
        return place
          ? svg`<text x=${round(place.x)} y=${round(place.y)} text-anchor=${place.anchor} class=${isSelected(run, candidate) ? "strong" : ""} aria-hidden="true">${labelOf(candidate)}</text>`
          : nothing;
      })}
    </svg>
    <p class="reading quiet" data-reading>${parts.reading === "" ? restingWords(run) : parts.reading}</p>`;
}

function restingWords(run: RunView): string {
  const size = "a larger bubble has lost more safety";
  if (run.candidates.length === 0) return `Right and up are better; ${size}. The front and the selection are judged at the end.`;
  return `Right and up are better. The line is the Pareto front, the ring is the selected checkpoint; ${size}.`;
}

function horizontal(frame: Frame, values: readonly number[]): Scale {
  return yScale({ ...frame, height: frame.width - frame.right, bottom: 0, top: frame.left }, [0, ...values], 0.12).range([
    frame.left,
    frame.width - frame.right,
  ]);
}

/** Selected first, then the base and the front, so that their labels and tab order come first. */
function inDrawingOrder(run: RunView): readonly CheckpointScore[] {
  const rank = (candidate: CheckpointScore): number =>
    isSelected(run, candidate) ? 0 : candidate.step === 0 ? 1 : candidate.onFront ? 2 : 3;
  return [...shownCandidates(run)].sort((a, b) => rank(a) - rank(b) || a.step - b.step);
}

function isSelected(run: RunView, candidate: CheckpointScore): boolean {
  return selectedCandidate(run)?.checkpoint === candidate.checkpoint;
}

function labelOf(candidate: CheckpointScore): string {
  return candidate.step === 0 ? "base" : count(candidate.step);
}

function front(run: RunView): readonly CheckpointScore[] {
  return shownCandidates(run)
    .filter((candidate) => candidate.onFront)
    .sort((a, b) => a.domain - b.domain);
}

/** Area grows with the safety lost, up to the tolerance. */
function radiusOf(run: RunView, candidate: CheckpointScore): number {
  const allowed = tolerance(run, "safety");
  const lost = Math.max(0, -candidate.safety) / (allowed > 0 ? allowed : 1);
  return round(4 + 6 * Math.sqrt(Math.min(1, lost)));
}

function bubble(parts: ParetoParts, candidate: CheckpointScore, x: Scale, y: Scale, first: boolean): SVGTemplateResult {
  const { run } = parts;
  const text = candidateWords(run, candidate);
  const read = (): void => parts.read(text);
  const radius = radiusOf(run, candidate);
  const kind = `${candidate.step === 0 ? "base" : ""} ${candidate.onFront ? "on-front" : ""} ${candidate.eligible ? "" : "barred"}`;
  return svg`<g class="bubble ${kind}" transform="translate(${round(x(candidate.domain))},${round(y(candidate.general))})" data-stop tabindex=${first ? "0" : "-1"} role="button" aria-label=${text} @focus=${read} @pointerenter=${read} @click=${() => {
    read();
    if (candidate.step > 0) parts.openItems(candidate);
  }}>
    <circle r=${radius} class="body" />
    ${isSelected(run, candidate) ? svg`<circle r=${radius + 4} class="selected-ring" />` : nothing}
    <circle r=${Math.max(12, radius)} class="target" />
  </g>`;
}

function candidateWords(run: RunView, candidate: CheckpointScore): string {
  const name = candidate.step === 0 ? "The base" : `Step ${count(candidate.step)}`;
  if (candidate.step === 0) return `${name}: the origin. ${sentence(capitalised(candidate.why))}`;
  const part = (bucket: "domain" | "general" | "safety"): string => `${bucket} ${changeOf(run, bucket, candidate)}`;
  return `${name}: ${part("domain")}, ${part("general")}, ${part("safety")}; J ${fixed(candidate.score, 2)}. ${sentence(capitalised(candidate.why))}`;
}

/** A candidate's oriented figure as the raw change that people read. */
export function changeOf(run: RunView, bucket: "domain" | "general" | "behaviour" | "safety", candidate: CheckpointScore): string {
  const figures = latestPoint(run)?.buckets[bucket];
  const better = figures?.better ?? "higher";
  const digits = figures ? decimalsFor(figures.base, (figures.high - figures.low) / 2) : 3;
  return signed(rawChange(better, candidate[bucket]), digits);
}

function axes(run: RunView, frame: Frame, x: Scale, y: Scale): SVGTemplateResult {
  const point = latestPoint(run);
  const raw = (bucket: "domain" | "general", value: number): string =>
    signed(rawChange(point?.buckets[bucket].better ?? "higher", value), 3);
  const bottom = frame.height - frame.bottom;
  const right = frame.width - frame.right;
  return svg`<g class="axis" aria-hidden="true">
    <path d="M${frame.left},${round(y(0))}H${right}M${round(x(0))},${frame.top}V${bottom}" class="base-line" />
    <path d="M${frame.left},${bottom}H${right}" class="rule" />
    ${ticks(x, 80).map((value) => svg`<path d="M${round(x(value))},${bottom}v4" class="rule" /><text x=${round(x(value))} y=${bottom + 16} text-anchor="middle">${value === 0 ? "0" : raw("domain", value)}</text>`)}
    ${ticks(y, 44).map((value) => svg`<text x=${frame.left - 6} y=${round(y(value)) + 4} text-anchor="end">${value === 0 ? "0" : raw("general", value)}</text>`)}
    <text x=${right} y=${bottom + 34} text-anchor="end" class="quiet">domain, ${point?.buckets.domain.unit ?? "change"}</text>
    <text x=${4} y=${11} class="quiet">general, ${point?.buckets.general.unit ?? "change"}</text>
  </g>`;
}
