/** The gates panel and the standalone report of one run: the same sections in the same order. */
import { LitElement, css, html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { RunView } from "@midtrain/protocol/run-view";
import { charts } from "../charts/styles";
import type { Host } from "../host";
import { tones } from "../theme";
import { PanelController } from "../ui/panel-controller";
import type { RunContext } from "./context";
import { gateSection, selectionSection } from "./run-gates";
import { runHeader } from "./run-header";
import { changeSection, completionSection, curveSection, dataSection, lineageSection } from "./run-record";
import { verdictSection } from "./run-result";
import { layout, tables } from "./styles";

const samples = css`
  .sample {
    margin-bottom: 18px;
  }
  h4 {
    margin: 4px 0 2px;
    font-size: 1em;
    font-weight: 600;
  }
  h4 .quiet {
    font-weight: normal;
  }
  pre {
    margin: 0;
    padding: 6px 8px;
    overflow-x: auto;
    background: var(--vscode-textCodeBlock-background);
    line-height: 1.45;
    white-space: pre;
  }
  pre:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
  }
  mark {
    background: none;
    color: inherit;
    font-weight: 700;
    text-decoration: underline;
    text-decoration-color: var(--tone-pass);
    text-underline-offset: 3px;
  }
  .triple {
    display: grid;
    gap: 4px 16px;
  }
  .triple > * {
    min-width: 0;
  }
  .triple.wide {
    grid-template-columns: repeat(3, minmax(0, 1fr));
  }
`;

@customElement("midtrain-run")
class RunPanel extends LitElement {
  static override styles = [tones, layout, tables, charts, samples];

  @property({ attribute: false }) run!: RunView;
  @property({ attribute: false }) host!: Host;
  @state() private stepsRead: Readonly<Record<string, number | undefined>> = {};
  @state() private notice = "";
  private readonly panel = new PanelController(this, () => ({ view: "run", run: this.run.status.run }));

  protected override render(): TemplateResult {
    const context = this.context();
    return html`${runHeader(context)} ${gateSection(context)} ${selectionSection(context)} ${verdictSection(context)}
      ${curveSection(context)} ${changeSection(context)} ${dataSection(context)} ${completionSection(context)} ${lineageSection(context)}
      <p class="quiet" role="status">${this.notice}</p>`;
  }

  private context(): RunContext {
    return {
      run: this.run,
      width: this.panel.width,
      standalone: this.host.standalone,
      send: (message) => this.host.send(message),
      copy: (text) => void this.copy(text),
      reading: this.panel.reading,
      read: this.panel.read,
      isOpen: this.panel.isOpen,
      toggle: this.panel.toggle,
      stepAt: (chart) => this.stepsRead[chart],
      readStep: (chart, step) => {
        if (this.stepsRead[chart] !== step) this.stepsRead = { ...this.stepsRead, [chart]: step };
      },
    };
  }

  private async copy(text: string): Promise<void> {
    const done = await this.host.copy(text);
    this.notice = done ? `Copied ${text}.` : `This page may not use the clipboard; the text is ${text}.`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "midtrain-run": RunPanel;
  }
}
