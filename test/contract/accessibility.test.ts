/** Every panel under the rules of WCAG 2.2 A and AA (axe-core), in dark, light and high contrast, and as a report; every table opened. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe, { type AxeResults } from "axe-core";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumArguments, chromiumPath } from "../../scripts/chromium.mjs";
import { fixture, fixtureNames } from "../../webview/dev/fixtures";
import { panelBundle } from "../../webview/dev/build.mjs";
import { editorPage, reportPage } from "../../webview/dev/page.mjs";
import { themes } from "../../webview/dev/themes.mjs";

const executablePath = chromiumPath() ?? "/usr/bin/chromium";
const present = existsSync(executablePath) || process.env["CI"] !== undefined;

let browser: Browser;
let script: string;
let folder: string;

beforeAll(async () => {
  if (!present) return;
  folder = mkdtempSync(join(tmpdir(), "midtrain-accessibility-"));
  [browser, script] = await Promise.all([chromium.launch({ executablePath, args: chromiumArguments }), panelBundle() as Promise<string>]);
});

afterAll(async () => {
  await browser?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** What axe-core finds wrong: rule, element, and what was measured. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const results = await page.evaluate((): Promise<AxeResults> =>
    (globalThis as unknown as { axe: typeof axe }).axe.run({
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  );
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, any, all }) => `${id} ${target.flat().join(" ")}: ${[...any, ...all].map(({ message }) => message).join("; ")}`),
  );
}

describe.skipIf(!present)("needs Chromium: accessibility of the panels", { timeout: 240_000 }, () => {
  for (const name of fixtureNames) {
    it(`finds nothing to complain about in ${name}`, async () => {
      const data = fixture(name);
      const pages: readonly (readonly [string, string, "dark" | "light"])[] = [
        ...Object.entries(themes).map(([theme, colours]) => [theme, editorPage(script, data, colours), "dark"] as const),
        ["report-light", reportPage(script, data), "light"],
        ["report-dark", reportPage(script, data), "dark"],
      ];
      const found: string[] = [];
      for (const [label, html, colorScheme] of pages) {
        const file = join(folder, `${name}-${label}.html`);
        writeFileSync(file, html);
        const page = await browser.newPage({ viewport: { width: 1180, height: 800 }, colorScheme });
        await page.goto(pathToFileURL(file).href);
        await page.locator("h1").first().waitFor();
        for (const toggle of await page.locator("[data-table]").all()) await toggle.click();
        // Rows are alike: the first ones stand for thousands, which would take minutes.
        await page.locator("tbody tr:nth-child(n + 9)").evaluateAll((rows) => rows.forEach((row) => row.remove()));
        found.push(...(await violations(page)).map((violation) => `${label}: ${violation}`));
        await page.close();
      }
      expect(found).toEqual([]);
    });
  }
});
