/** Drawn here, so that neither a panel nor a report needs an icon font. 16 × 16, in the colour of the text. */
import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import type { Tone } from "../model/figures";

const ring = svg`<circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" stroke-width="1.5" />`;
const stroke = (d: string): SVGTemplateResult =>
  svg`<path d=${d} fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" />`;

const shapes: Readonly<Record<Tone, SVGTemplateResult>> = {
  pass: svg`${ring}${stroke("M5.2 8.2 7.2 10.2 10.9 6")}`,
  warning: svg`${stroke("M8 2.2 14.3 13.4H1.7Z")}${stroke("M8 6.4V9.4M8 11.4V11.5")}`,
  error: svg`${ring}${stroke("M5.8 5.8 10.2 10.2M10.2 5.8 5.8 10.2")}`,
  neutral: svg`${ring}${stroke("M5.4 8H10.6")}`,
};

function toneIcon(tone: Tone): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">${shapes[tone]}</svg>`;
}

/** Word, icon and colour of a verdict, always together. */
export function verdictMark(look: { readonly word: string; readonly tone: Tone }): TemplateResult {
  return html`<span class="verdict tone-${look.tone}">${toneIcon(look.tone)}<span>${look.word}</span></span>`;
}
