/** What every panel keeps: its width, what its charts read out, which tables are open, what survives a reload. */
import type { LitElement, ReactiveController } from "lit";
import type { PanelState } from "@midtrain/protocol/panel";
import type { Host } from "../host";

type Ui = NonNullable<PanelState["ui"]>;

/** What a section of a panel gets to draw a chart with its reading line and its data table. */
export interface ChartState {
  /** Pixels of the view's own width. */
  readonly width: number;
  readonly reading: (chart: string) => string;
  readonly read: (chart: string, text: string) => void;
  readonly isOpen: (table: string) => boolean;
  readonly toggle: (table: string) => void;
}

type PanelElement = LitElement & { readonly host: Host };

export class PanelController implements ReactiveController, ChartState {
  width = 0;
  ui: Ui = {};
  private readings: Readonly<Record<string, string>> = {};
  private observer: ResizeObserver | undefined;

  /** @param identity the view, and what it shows, to find it again after a reload */
  constructor(
    private readonly element: PanelElement,
    private readonly identity: () => Omit<PanelState, "ui">,
  ) {
    element.addController(this);
  }

  hostConnected(): void {
    const { host } = this.element;
    this.element.classList.toggle("standalone", host.standalone);
    this.ui = host.state()?.ui ?? {};
    this.observer = new ResizeObserver(([entry]) => entry && this.measured(entry.contentRect.width));
    this.observer.observe(this.element);
    this.measured(this.element.getBoundingClientRect().width);
  }

  hostDisconnected(): void {
    this.observer?.disconnect();
  }

  private measured(width: number): void {
    this.width = Math.floor(width);
    this.element.requestUpdate();
  }

  readonly reading = (chart: string): string => this.readings[chart] ?? "";

  readonly read = (chart: string, text: string): void => {
    if (this.reading(chart) === text) return;
    this.readings = { ...this.readings, [chart]: text };
    this.element.requestUpdate();
  };

  readonly isOpen = (table: string): boolean => this.ui[`table:${table}`] === true;

  readonly toggle = (table: string): void => this.keep({ [`table:${table}`]: !this.isOpen(table) });

  keep(change: Ui): void {
    this.ui = { ...this.ui, ...change };
    this.element.host.keep({ ...this.identity(), ui: this.ui });
    this.element.requestUpdate();
  }
}
