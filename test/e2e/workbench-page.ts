/** The workbench in a browser. Every selector of VS Code's DOM stands in this file: it breaks per VS Code version. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext, type ConsoleMessage, type FrameLocator, type Locator, type Page } from "playwright-core";
import { chromiumArguments } from "../../scripts/chromium.mjs";
import { projectRoot, workbenchParts, type WorkbenchServer } from "./workbench-server";

/** Console messages that a clean workbench of this version writes by itself. */
const harmlessConsole = [
  /vsda(_bg)?\.(js|wasm)/,
  /web worker extension host is started in a same-origin iframe/i,
  /allow-scripts and allow-same-origin/i,
  // Its own sign-in, on a slow machine: nothing of ours asks for it.
  /authentication provider 'github' to register/,
  // The editor's own colouring of a line, on a busy machine.
  /Time limit reached when tokenizing line/,
  // The editor's own accounts: this build has no provider of them.
  /Timed out waiting for authentication provider/,
];

export interface Guards {
  /** Console errors and warnings that are not on the list, and requests to other hosts. */
  readonly problems: readonly string[];
}

export class WorkbenchPage implements Guards {
  readonly problems: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
    private readonly profile: string,
  ) {}

  static async open(server: WorkbenchServer, folder: string): Promise<WorkbenchPage> {
    const parts = workbenchParts();
    const profile = mkdtempSync(join(tmpdir(), "mb-"));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: parts.chromium,
      args: chromiumArguments,
      headless: true,
      viewport: { width: 1360, height: 860 },
    });
    const page = context.pages()[0] ?? (await context.newPage());
    const workbench = new WorkbenchPage(page, context, profile);
    workbench.watch(server.url);
    await page.goto(`${server.url}/?folder=${encodeURIComponent(folder)}`);
    await page.locator(".monaco-workbench").waitFor({ timeout: 60_000 });
    return workbench;
  }

  private watch(url: string): void {
    const host = new URL(url).host;
    this.page.on("console", (message: ConsoleMessage) => {
      if (message.type() !== "error" && message.type() !== "warning") return;
      const text = `${message.text()} ${message.location().url}`;
      if (!harmlessConsole.some((pattern) => pattern.test(text))) this.problems.push(`console ${message.type()}: ${text}`);
    });
    this.page.on("request", (request) => {
      const target = new URL(request.url());
      // The webview service worker answers vscode-cdn.net itself; everything else beyond the server is a leak.
      if (target.protocol.startsWith("http") && target.host !== host && !target.host.endsWith(".vscode-cdn.net"))
        this.problems.push(`foreign request: ${request.url()}`);
    });
  }

  /** Icon of the view container: there once the contributions are registered. */
  activityIcon(): Locator {
    return this.page.locator('.activitybar a.action-label[aria-label^="Midtrain"]').first();
  }

  async openSideBar(): Promise<void> {
    await this.activityIcon().waitFor({ timeout: 60_000 });
    if ((await this.page.locator('.sidebar .pane-header[aria-label*="Corpus"]').count()) === 0) await this.activityIcon().click();
    await this.page.locator('.sidebar .pane-header[aria-label*="Corpus"]').first().waitFor();
  }

  /** Runs a palette command by its full title, for example "Midtrain: Harvest Corpus". */
  async command(title: string): Promise<void> {
    for (let attempt = 0; attempt < 5; attempt++) {
      await this.page.keyboard.press("F1");
      const input = this.page.locator('.quick-input-widget input:not([type="checkbox"])').first();
      await input.waitFor({ state: "visible" });
      await input.fill(`>${title}`);
      const row = this.page.locator(".quick-input-widget .monaco-list-row.focused", { hasText: title }).first();
      const there = await row.waitFor({ timeout: 3_000 }).then(
        () => true,
        () => false,
      );
      if (there) {
        await this.page.keyboard.press("Enter");
        return;
      }
      // Opened before the contributions were registered, the palette keeps saying "No matching commands".
      await this.page.keyboard.press("Escape");
    }
    throw new Error(`The palette has no command "${title}".`);
  }

  async openFile(path: string): Promise<void> {
    await this.page.keyboard.press("Control+P");
    const input = this.page.locator('.quick-input-widget input:not([type="checkbox"])').first();
    await input.waitFor({ state: "visible" });
    await input.fill(path);
    await this.page
      .locator(".quick-input-widget .monaco-list-row.focused", { hasText: path.split("/").pop()! })
      .first()
      .waitFor({ timeout: 20_000 });
    await this.page.keyboard.press("Enter");
    await this.page.locator(".editor-group-container.active .view-lines .view-line").first().waitFor();
  }

  /** Rows of a tree view of the side bar, by the title of the view. */
  treeRows(view: string): Locator {
    return this.page.locator(`.sidebar .pane:has(.pane-header[aria-label*="${view}"]) .monaco-list-row`);
  }

  /** The pane of a view, with its welcome content. */
  pane(view: string): Locator {
    return this.page.locator(`.sidebar .pane:has(.pane-header[aria-label*="${view}"])`);
  }

  /** Opens rows of a tree one below the other: each is the first visible row with that text. */
  async expand(view: string, ...path: readonly (string | RegExp)[]): Promise<void> {
    for (const text of path) {
      const row = this.treeRows(view).filter({ hasText: text }).first();
      await row.waitFor();
      if ((await row.getAttribute("aria-expanded")) === "false") await row.locator(".monaco-tl-twistie").click();
      await this.treeRows(view).filter({ hasText: text }).and(this.page.locator('[aria-expanded="true"]')).first().waitFor();
    }
  }

  async collapse(view: string, text: string | RegExp): Promise<void> {
    const row = this.treeRows(view).filter({ hasText: text }).first();
    if ((await row.getAttribute("aria-expanded")) === "true") await row.locator(".monaco-tl-twistie").click();
  }

  /** Message above the rows of a view. */
  viewMessage(view: string): Locator {
    return this.pane(view).locator(".message");
  }

  /** A button of the newest notification with a text. */
  notificationButton(text: string | RegExp, label: string): Locator {
    return this.notifications().filter({ hasText: text }).first().locator(".monaco-button", { hasText: label }).first();
  }

  /** Rows of the open quick pick. */
  pickRows(): Locator {
    return this.page.locator(".quick-input-widget .monaco-list-row");
  }

  /** Leaves the open quick pick; the next palette must not meet it. */
  async leavePick(): Promise<void> {
    await this.page.keyboard.press("Escape");
    await this.page.locator(".quick-input-widget").first().waitFor({ state: "hidden" });
  }

  /** An action at the right of a row of the open quick pick. */
  pickButton(text: string | RegExp): Locator {
    return this.pickRows().filter({ hasText: text }).first().locator(".quick-input-list-entry-action-bar .action-label").first();
  }

  diffEditor(): Locator {
    return this.page.locator(".monaco-diff-editor");
  }

  /** The text of a token in the active editor; hover and click go to the span itself. */
  editorText(text: string): Locator {
    return this.page.locator(".editor-group-container.active .view-lines .view-line span span", { hasText: text }).first();
  }

  /** Text of the editor's own hover (not a tooltip of the workbench) once it says what is waited for. */
  async hover(text: string, waitedFor: RegExp): Promise<string> {
    const widget = this.page.locator(".monaco-resizable-hover .hover-contents", { hasText: waitedFor }).first();
    for (let attempt = 0; attempt < 12; attempt++) {
      await this.page.mouse.move(700, 780);
      // A pointer back within its hiding delay keeps the old hover, and no provider is asked again.
      await this.page.locator(".monaco-resizable-hover:visible").first().waitFor({ state: "hidden", timeout: 8_000 });
      await this.editorText(text).hover();
      const there = await widget.waitFor({ timeout: 8_000 }).then(
        () => true,
        () => false,
      );
      if (there) return normalise(await widget.innerText());
    }
    const picture = await this.screenshot("failed-hover");
    throw new Error(`The hover on ${text} never said ${waitedFor}: ${picture}`);
  }

  /** The document inside a panel: two nested frames. */
  panel(index = 0): FrameLocator {
    return this.page.frameLocator("iframe.webview.ready").nth(index).frameLocator("iframe#active-frame");
  }

  /** The tab of an editor or a panel, by its title. */
  tab(title: string): Locator {
    return this.page.locator(".tabs-container .tab", { hasText: title }).first();
  }

  statusBar(): Locator {
    return this.page.locator(".statusbar");
  }

  notifications(): Locator {
    return this.page.locator(".notification-list-item");
  }

  dialogs(): Locator {
    return this.page.locator(".monaco-dialog-box");
  }

  async screenshot(name: string): Promise<string> {
    const directory = join(projectRoot, "test-results", "screenshots");
    mkdirSync(directory, { recursive: true });
    const file = join(directory, `${name}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  async close(): Promise<void> {
    await this.context.close();
    rmSync(this.profile, { recursive: true, force: true });
  }
}

/** Inlay hints and hovers use non-breaking spaces. */
function normalise(text: string): string {
  return text
    .replace(/\u00a0/g, " ")
    .replace(/[ \t]+/g, " ")
    .trim();
}
