/** The first sentence, the state, and the actions that the state allows. */
import { html, nothing, type TemplateResult } from "lit";
import { actionsOf, headerParts, headlineParts, isLive, sentence } from "../model/run-words";
import type { RunContext } from "./context";

export function runHeader(context: RunContext): TemplateResult {
  const { run } = context;
  const { status } = run;
  const [first, rest] = headlineParts(run.headline);
  return html`<header>
    <h1 aria-live="polite">${first}</h1>
    ${rest === "" ? nothing : html`<p class="lead">${rest}</p>`}
    <div class="bar">
      <p class="facts">${headerParts(status).map((part, index) => html`<span class=${index === 0 ? "mono" : ""}>${part}</span>`)}</p>
      ${
        context.standalone
          ? html`<p class="quiet">Midtrain ${run.identity.lineage.toolVersion}, <span class="mono">${run.document.directory}</span></p>`
          : html`<div class="buttons">
              ${actionsOf(status).map(
                (button) =>
                  html`<vscode-button
                    ?secondary=${!button.primary}
                    data-action=${button.action}
                    @click=${() => context.send({ type: "run-action", action: button.action, run: status.run })}
                    >${button.label}</vscode-button
                  >`,
              )}
            </div>`
      }
    </div>
    ${isLive(status) && !context.standalone ? progress(context) : nothing}
    ${isLive(status) && saysMore(status.message, run) ? html`<p>${sentence(status.message!)}</p>` : nothing}
    ${run.embeddedNote ? html`<p class="note">${run.embeddedNote}</p>` : nothing}
  </header>`;
}

/** The headline, or the phase, often says it already. */
function saysMore(message: string | undefined, { headline, status }: RunContext["run"]): boolean {
  return message !== undefined && message !== "" && message !== status.phase && !headline.includes(message);
}

function progress(context: RunContext): TemplateResult {
  const { step, steps } = context.run.status;
  return steps > 0
    ? html`<vscode-progress-bar aria-label="Training steps" .value=${step} .max=${steps}></vscode-progress-bar>`
    : html`<vscode-progress-bar aria-label=${context.run.status.phase}></vscode-progress-bar>`;
}
