/** The panel bundle in real Chromium under a strict content security policy: every fixture, as report and as webview. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { panelStateSchema, panelToHostSchema, type PanelState, type PanelToHost } from "@midtrain/protocol/panel";
import type { PanelData, RunView } from "@midtrain/protocol/run-view";
import { fragmentationHeadline } from "@midtrain/protocol/words";
import { chromiumArguments, chromiumPath } from "../../scripts/chromium.mjs";
import { reportPage as engineReportPage } from "../../server/src/training/report";
import { corpusFlow, corpusHeadline } from "../../webview/src/model/corpus";
import { headlineParts } from "../../webview/src/model/run-words";
import { fixture, fixtureNames } from "../../webview/dev/fixtures";
import { panelBundle } from "../../webview/dev/build.mjs";
import { editorPage, reportPage } from "../../webview/dev/page.mjs";
import { themes } from "../../webview/dev/themes.mjs";

const executablePath = chromiumPath() ?? "/usr/bin/chromium";
const present = existsSync(executablePath) || process.env["CI"] !== undefined;

let browser: Browser;
let script: string;
let folder: string;
let opened = 0;

beforeAll(async () => {
  if (!present) return;
  folder = mkdtempSync(join(tmpdir(), "midtrain-webview-"));
  [browser, script] = await Promise.all([chromium.launch({ executablePath, args: chromiumArguments }), panelBundle() as Promise<string>]);
});

afterAll(async () => {
  await browser?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

interface Opened {
  readonly page: Page;
  /** Console errors and warnings, uncaught errors and requests beyond the page itself. */
  readonly complaints: readonly string[];
}

async function open(html: string, options: { readonly width?: number; readonly colorScheme?: "light" | "dark" } = {}): Promise<Opened> {
  const file = join(folder, `${opened++}.html`);
  writeFileSync(file, html);
  const url = pathToFileURL(file).href;
  const page = await browser.newPage({
    viewport: { width: options.width ?? 1180, height: 800 },
    colorScheme: options.colorScheme ?? "dark",
  });
  const complaints: string[] = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => request.url() !== url && complaints.push(`request ${request.url()}`));
  await page.goto(url);
  await page.locator("h1").first().waitFor();
  return { page, complaints };
}

const inEditor = (data: PanelData, kept?: PanelState): string => editorPage(script, data, themes.dark, kept);
const sent = (page: Page): Promise<PanelToHost[]> => page.evaluate(() => (globalThis as unknown as { sent: PanelToHost[] }).sent);
const kept = (page: Page): Promise<unknown> => page.evaluate(() => (globalThis as unknown as { kept: unknown }).kept);
const headlineOf = (data: PanelData): string =>
  data.view === "run"
    ? headlineParts(data.run.headline)[0]
    : data.view === "corpus"
      ? corpusHeadline(data.report)
      : fragmentationHeadline(data.report);
const runOf = (name: (typeof fixtureNames)[number]): RunView => {
  const data = fixture(name);
  if (data.view !== "run") throw new Error(`${name} is not a run`);
  return data.run;
};

describe.skipIf(!present)("needs Chromium: the panel bundle", () => {
  for (const name of fixtureNames) {
    it(`draws ${name} in a report and in the editor without a complaint, and opens every table`, async () => {
      const data = fixture(name);
      for (const html of [reportPage(script, data), inEditor(data)]) {
        const { page, complaints } = await open(html);
        expect(await page.locator("h1").first().innerText()).toBe(headlineOf(data));
        for (const toggle of await page.locator("[data-table]").all()) {
          const region = page.locator(`#${await toggle.getAttribute("aria-controls")}`);
          expect(await region.locator("tbody tr").count()).toBe(0);
          await toggle.click();
          expect(await toggle.getAttribute("aria-expanded")).toBe("true");
          expect(await region.locator("tbody tr").count()).toBeGreaterThan(0);
        }
        expect(complaints).toEqual([]);
        await page.close();
      }
    });
    it(`fits ${name} into 300 px`, async () => {
      const { page, complaints } = await open(inEditor(fixture(name)), { width: 300 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(300);
      expect(complaints).toEqual([]);
      await page.close();
    });
  }

  it("draws in the page that the engine writes", async () => {
    const { page, complaints } = await open(engineReportPage({ title: "Report", data: fixture("finished"), script, style: "" }));
    expect(await page.locator(".lane-head .verdict").count()).toBe(4);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("shows all four verdicts of a finished run in words, with the sealed table beside the loop's", async () => {
    const { page } = await open(reportPage(script, fixture("finished")));
    expect(await page.locator(".lane-head .verdict").allInnerTexts()).toEqual(["better", "within", "within", "within"]);
    expect(await page.getByText("On the sealed items, never used in the run").isVisible()).toBe(true);
    expect(await page.locator(".selected-ring").count()).toBe(1);
    expect(await page.locator("article.sample").count()).toBe(3);
    await page.close();
  });

  it("keeps every figure readable by a screen reader: names for all controls, one tab stop for each row of points", async () => {
    const { page } = await open(inEditor(fixture("harm")));
    const unnamed = await page
      .locator("button, [role=button], [role=img], [role=application]")
      .evaluateAll((all) =>
        all.filter((each) => (each.getAttribute("aria-label") ?? each.textContent ?? "").trim() === "").map((each) => each.outerHTML),
      );
    expect(unnamed).toEqual([]);
    const stops = await page
      .locator("svg[role=group]")
      .evaluateAll((groups) => groups.map((group) => group.querySelectorAll('[data-stop][tabindex="0"]').length));
    expect(stops).toEqual([1, 1, 1, 1, 1, 1]);
    await page.close();
  });

  it("is worked by the keyboard alone", async () => {
    const run = runOf("running");
    const { page, complaints } = await open(inEditor({ view: "run", run }));
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const focusPoint = page.locator("svg.lane").nth(1).locator('[data-stop][tabindex="0"]');
    await focusPoint.focus();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    const step = run.evaluations.at(-3)!.step;
    expect(await page.locator("[data-reading]").first().innerText()).toMatch(new RegExp(`^General at step ${step}: .* bits/byte \\(`));
    await page.keyboard.press("Enter");
    await page.locator("svg.curve").first().focus();
    await page.keyboard.press("End");
    expect(await page.locator("svg.curve + [data-reading]").first().innerText()).toMatch(/^Step 411, .* tokens: repository /);
    const messages = await sent(page);
    expect(messages.map((message) => panelToHostSchema.parse(message))).toEqual([
      { type: "ready" },
      { type: "run-action", action: "stop", run: run.status.run },
      { type: "open-items", run: run.status.run, branch: 0, step },
    ]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("keeps ids and open tables only, takes them up again, and stays put when a newer snapshot comes", async () => {
    const run = runOf("running");
    const { page } = await open(inEditor({ view: "run", run }));
    await page.locator('[data-table="loss"]').click();
    const state = panelStateSchema.parse(await kept(page));
    expect(state).toEqual({ view: "run", run: run.status.run, ui: { "table:loss": true } });
    const newer: PanelData = {
      view: "run",
      run: { ...run, headline: "Newer.", evaluations: [...run.evaluations, { ...run.evaluations.at(-1)!, step: 444 }] },
    };
    const point = page.locator("svg.lane").first().locator("[data-stop]").nth(2);
    await point.focus();
    await page.evaluate((data) => window.postMessage({ type: "data", data }, "*"), newer);
    await page.getByRole("heading", { name: "Newer." }).waitFor();
    expect(await page.locator("#loss-data tbody tr").count()).toBe(run.steps.length);
    expect(await point.evaluate((element) => element.matches(":focus"))).toBe(true);
    await page.close();
    const again = await open(inEditor({ view: "run", run }, state));
    expect(await again.page.locator("#loss-data tbody tr").count()).toBe(run.steps.length);
    await again.page.close();
  });

  it("does not listen to another origin", async () => {
    const { page } = await open(inEditor(fixture("finished")));
    const heading = await page.locator("h1").innerText();
    await page.evaluate(() =>
      window.dispatchEvent(
        new MessageEvent("message", { origin: "https://example.org", data: { type: "problem", text: "forged", next: "" } }),
      ),
    );
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    expect(await page.locator("h1").innerText()).toBe(heading);
    await page.evaluate(() => window.postMessage({ type: "problem", text: "The run is gone.", next: "Choose another run." }, "*"));
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").innerText()).toMatch(/The run is gone\.\s+Choose another run\./);
    await page.close();
  });

  it("shows hostile text as text", async () => {
    const hostile = '</script><img src=x onerror="globalThis.caught=1"><!--<script>';
    const run = { ...runOf("finished"), headline: hostile, changes: [{ seq: 1, time: hostile, step: 0, text: hostile }] };
    for (const html of [reportPage(script, { view: "run", run }), inEditor({ view: "run", run })]) {
      const { page, complaints } = await open(html);
      expect(await page.locator("h1").innerText()).toBe(`${hostile}.`);
      expect(await page.evaluate(() => "caught" in globalThis)).toBe(false);
      expect(complaints).toEqual([]);
      await page.close();
    }
  });

  it("follows the reader's colour scheme in a report", async () => {
    const background = async (colorScheme: "light" | "dark"): Promise<string> => {
      const { page } = await open(reportPage(script, fixture("finished")), { colorScheme });
      const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      await page.close();
      return colour;
    };
    expect([await background("light"), await background("dark")]).toEqual(["rgb(255, 255, 255)", "rgb(31, 31, 31)"]);
  });

  it("says what is wrong with a report that holds no data", async () => {
    const { page } = await open(reportPage(script, fixture("empty")).replace('id="midtrain-data"', 'id="other"'));
    expect(await page.getByRole("alert").innerText()).toMatch(/This report holds no data\.\s+Write it again with: midtrain report/);
    await page.close();
  });

  it("searches, sorts, pages and copies names, and opens occurrences", async () => {
    const { page, complaints } = await open(inEditor(fixture("fragmentation")));
    await page.getByRole("button", { name: "Next" }).click();
    expect(await page.locator("[data-found]").innerText()).toBe("101–200 of 1,200 names.");
    await page.locator("vscode-textfield input").fill("retry_queue");
    expect(await page.locator("[data-found]").innerText()).toMatch(/^1–\d+ of \d+ matches among 1,200 names\.$/);
    await page.getByRole("button", { name: /^count/ }).click();
    expect(await page.locator('th[aria-sort="descending"]').innerText()).toMatch(/^count/);
    const first = page.locator("[data-term]").first();
    const term = await first.innerText();
    await first.focus();
    await page.keyboard.press("Enter");
    await page.locator('[data-copy="csv"]').click();
    const messages = (await sent(page)).map((message) => panelToHostSchema.parse(message));
    expect(messages[1]).toEqual({ type: "open-term", term });
    expect(messages[2]).toMatchObject({ type: "copy", text: expect.stringMatching(/^tokenizer,tokenizer_hash,term,kind,count/) as string });
    expect(panelStateSchema.parse(await kept(page))).toMatchObject({
      view: "fragmentation",
      ui: { search: "retry_queue", sort: "count", page: 0 },
    });
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("opens the files behind the figures of a corpus, by pointer and by keyboard", async () => {
    const data = fixture("corpus");
    if (data.view !== "corpus") throw new Error("not a corpus");
    const { page, complaints } = await open(inEditor(data));
    const nodes = corpusFlow(data.report);
    expect(await page.locator("svg.flow [data-stop]").count()).toBe(nodes.length);
    expect(await page.locator('svg.flow [data-stop][tabindex="0"]').count()).toBe(1);
    await page.locator("svg.flow [data-stop]").first().focus();
    await page.keyboard.press("ArrowDown");
    expect(await page.locator("[data-reading]").innerText()).toMatch(/^Kept: .* of what was seen, .* files\.$/);
    await page.keyboard.press("Enter");
    await page.locator('[data-action="review-redactions"]').click();
    await page.locator("[data-files]").first().click();
    const messages = (await sent(page)).map((message) => panelToHostSchema.parse(message));
    expect(messages.slice(1)).toMatchObject([
      { type: "show-files", list: { of: "documents" }, under: "" },
      { type: "corpus-action", action: "review-redactions" },
      { type: "show-files", list: { of: "documents", class: data.report.kept[0]!.class, language: data.report.kept[0]!.language } },
    ]);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
