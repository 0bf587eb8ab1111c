/** How many occurrences take how many tokens, as bars with their numbers written beside them. */
import { html, svg, type TemplateResult } from "lit";
import { count, percent, plural } from "@midtrain/protocol/words";
import { leaveReading, rove } from "../ui/roving";
import { round } from "./geometry";

interface NameLengthParts {
  /** The last row holds everything from its number on. */
  readonly rows: readonly { readonly tokens: number; readonly occurrences: number }[];
  readonly width: number;
  readonly label: string;
  readonly reading: string;
  readonly read: (text: string) => void;
}

const rowHeight = 20;
const left = 72;
const right = 118;

export function lengthLabel(tokens: number, isLast: boolean): string {
  return isLast ? `${count(tokens)} and more` : plural(tokens, "token");
}

export function nameLengths({ rows, width, label, reading, read }: NameLengthParts): TemplateResult {
  const total = rows.reduce((sum, row) => sum + row.occurrences, 0);
  const most = Math.max(1, ...rows.map((row) => row.occurrences));
  const room = Math.max(60, Math.min(560, Math.max(240, width) - left - right));
  const height = rows.length * rowHeight;
  return html`<svg
      class="chart name-lengths"
      width=${left + room + right}
      height=${height}
      viewBox="0 0 ${left + room + right} ${height}"
      role="group"
      aria-label=${label}
      @keydown=${rove}
      @pointerleave=${(event: Event) => leaveReading(event, () => read(""))}
    >
      ${rows.map(({ tokens, occurrences }, index) => {
        const name = lengthLabel(tokens, index === rows.length - 1);
        const words = `${name}: ${plural(occurrences, "occurrence")}, ${percent(occurrences / Math.max(1, total))}`;
        const say = (): void => read(`${words}.`);
        const y = index * rowHeight;
        return svg`<g class="length-row" data-stop tabindex=${index === 0 ? "0" : "-1"} role="img" aria-label=${words} @focus=${say} @pointerenter=${say}>
          <rect x="0" y=${y} width=${left + room + right} height=${rowHeight} class="target" />
          <text x=${left - 8} y=${y + 14} text-anchor="end">${name}</text>
          <rect x=${left} y=${y + 4} width=${round((room * occurrences) / most)} height=${rowHeight - 8} class="length-bar" />
          <text x=${round(left + (room * occurrences) / most + 6)} y=${y + 14} class="quiet">${count(occurrences)} · ${percent(occurrences / Math.max(1, total))}</text>
        </g>`;
      })}
    </svg>
    <p class="reading quiet" data-reading>${reading || "Tokens that overlap a name where it stands."}</p>`;
}
