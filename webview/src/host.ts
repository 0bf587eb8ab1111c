/** The only place that knows where a panel runs: inside VS Code, or as a standalone report without a host. */
import type { HostToPanel, PanelState, PanelToHost } from "@midtrain/protocol/panel";
import type { PanelData } from "@midtrain/protocol/run-view";

interface VsCodeApi {
  postMessage(message: PanelToHost): void;
  getState(): unknown;
  setState(state: PanelState): void;
}

const dataElement = "midtrain-data";

declare function acquireVsCodeApi(): VsCodeApi;

export interface Host {
  /** Without a host nothing can be opened: links become plain text. */
  readonly standalone: boolean;
  send(message: PanelToHost): void;
  copy(text: string): Promise<boolean>;
  state(): PanelState | undefined;
  keep(state: PanelState): void;
  listen(onMessage: (message: HostToPanel) => void): void;
}

/** A page that carries its data is a report, wherever it is shown: in a browser, or in a panel of a remote workbench. */
export function createHost(page: Document, window: Window): Host {
  const isReport = page.getElementById(dataElement) !== null;
  return !isReport && typeof acquireVsCodeApi === "function" ? editorHost(acquireVsCodeApi(), window) : standaloneHost(page, window);
}

function editorHost(api: VsCodeApi, window: Window): Host {
  return {
    standalone: false,
    send: (message) => api.postMessage(message),
    copy: (text) => {
      api.postMessage({ type: "copy", text });
      return Promise.resolve(true);
    },
    state: () => (isPanelState(api.getState()) ? (api.getState() as PanelState) : undefined),
    keep: (state) => api.setState(state),
    listen: (onMessage) =>
      window.addEventListener("message", (event: MessageEvent<unknown>) => {
        if (event.origin === window.origin && isHostMessage(event.data)) onMessage(event.data);
      }),
  };
}

function standaloneHost(page: Document, window: Window): Host {
  let kept: PanelState | undefined;
  return {
    standalone: true,
    send: () => undefined,
    copy: (text) => copyInBrowser(window.navigator, text),
    state: () => kept,
    keep: (state) => {
      kept = state;
    },
    listen: (onMessage) => onMessage(embeddedData(page)),
  };
}

/** The clipboard of a page opened from a file may be refused; the caller then says so. */
function copyInBrowser(navigator: Navigator, text: string): Promise<boolean> {
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard === undefined) return Promise.resolve(false);
  return clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}

function embeddedData(page: Document): HostToPanel {
  const text = page.getElementById(dataElement)?.textContent ?? "";
  const next = "Write it again with: midtrain report <run>.";
  if (text.trim() === "") return { type: "problem", text: "This report holds no data.", next };
  try {
    return { type: "data", data: JSON.parse(text) as PanelData };
  } catch {
    return { type: "problem", text: "The data of this report is damaged.", next };
  }
}

function isHostMessage(value: unknown): value is HostToPanel {
  if (typeof value !== "object" || value === null || !("type" in value)) return false;
  return (value.type === "data" && "data" in value) || (value.type === "problem" && "text" in value);
}

function isPanelState(value: unknown): value is PanelState {
  return typeof value === "object" && value !== null && "view" in value;
}
