/** The root of every panel: waits, shows a problem, or shows the view that the data names. */
import { LitElement, css, html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { HostToPanel } from "@midtrain/protocol/panel";
import type { PanelData } from "@midtrain/protocol/run-view";
import type { Host } from "./host";
import { tones } from "./theme";
import { layout } from "./views/styles";
import "./views/run-panel";
import "./views/fragmentation-panel";
import "./views/corpus-panel";

@customElement("midtrain-app")
export class App extends LitElement {
  static override styles = [
    tones,
    layout,
    css`
      .problem {
        margin-top: 18px;
      }
    `,
  ];

  @property({ attribute: false }) host!: Host;
  @state() private data: PanelData | undefined;
  @state() private problem: Extract<HostToPanel, { type: "problem" }> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.host.listen((message) => this.take(message));
    this.host.send({ type: "ready" });
  }

  protected override render(): TemplateResult {
    if (this.problem)
      return html`<div class="problem" role="alert">
        <h1>${this.problem.text}</h1>
        <p>${this.problem.next}</p>
      </div>`;
    if (!this.data) return html`<p class="problem quiet" role="status">Reading the data of this panel.</p>`;
    switch (this.data.view) {
      case "run":
        return html`<main><midtrain-run .host=${this.host} .run=${this.data.run}></midtrain-run></main>`;
      case "fragmentation":
        return html`<main>
          <midtrain-fragmentation
            .host=${this.host}
            .report=${this.data.report}
            .search=${this.data.search}
            .within=${this.data.within}
            .comparison=${this.data.comparison}
            .expansion=${this.data.expansion}
          ></midtrain-fragmentation>
        </main>`;
      case "corpus":
        return html`<main><midtrain-corpus .host=${this.host} .report=${this.data.report}></midtrain-corpus></main>`;
    }
  }

  private take(message: HostToPanel): void {
    if (message.type === "problem") {
      this.problem = message;
      return;
    }
    this.problem = undefined;
    this.data = message.data;
    const kept = this.host.state();
    const run = message.data.view === "run" ? { run: message.data.run.status.run } : {};
    const ui = kept?.view === message.data.view && kept.ui ? { ui: kept.ui } : {};
    this.host.keep({ view: message.data.view, ...run, ...ui });
  }
}
