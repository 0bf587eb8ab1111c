/** `node webview/dev/shots.mjs DIR [name-filter]`: pictures of every fixture in real Chromium. */
import { chromium } from "playwright-core";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromiumArguments, chromiumPath } from "../../scripts/chromium.mjs";
import { fixtures, panelBundle } from "./build.mjs";
import { editorPage, reportPage } from "./page.mjs";
import { themes } from "./themes.mjs";

const [target = join(tmpdir(), "midtrain-shots"), filter = ""] = process.argv.slice(2);
const shots = [
  ["running-dark", "running", "dark", 1180],
  ["finished-light", "finished", "light", 1180],
  ["harm-dark", "harm", "dark", 1180],
  ["starting-dark", "starting", "dark", 1180],
  ["empty-dark", "empty", "dark", 900],
  ["running-contrast", "running", "contrast", 1180],
  ["finished-narrow", "finished", "dark", 300],
  ["harm-narrow-light", "harm", "light", 420],
  ["report-light", "finished", "report-light", 1180],
  ["report-dark", "harm", "report-dark", 1180],
  ["fragmentation-dark", "fragmentation", "dark", 1000],
  ["fragmentation-light", "fragmentation", "light", 1000],
  ["fragmentation-narrow", "fragmentation", "contrast", 300],
  ["fragmentation-compared", "fragmentation-compared", "light", 1000],
  ["fragmentation-contrast", "fragmentation-compared", "contrast", 900],
  ["fragmentation-empty", "fragmentation-empty", "dark", 700],
  ["corpus-dark", "corpus", "dark", 1100],
  ["corpus-light", "corpus", "light", 1100],
  ["corpus-contrast", "corpus", "contrast", 900],
  ["corpus-narrow", "corpus", "dark", 300],
  ["corpus-small", "corpus-small", "light", 700],
].filter(([name]) => name.includes(filter));

/** Tall pages come in slices that can be looked at in full size. */
async function picture(page, name, width) {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const slice = width < 500 ? 1800 : 1300;
  for (let part = 0; part * slice < height; part++) {
    const clip = { x: 0, y: part * slice, width, height: Math.min(slice, height - part * slice) };
    await page.screenshot({ path: join(target, `${name}-${part + 1}.png`), fullPage: true, clip });
  }
}

mkdirSync(target, { recursive: true });
const pages = mkdtempSync(join(tmpdir(), "midtrain-pages-"));
const [script, data] = await Promise.all([panelBundle(), fixtures()]);
const browser = await chromium.launch({ executablePath: chromiumPath(), args: chromiumArguments });
try {
  for (const [name, fixture, look, width] of shots) {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: look === "report-light" ? "light" : "dark" });
    page.on("console", (message) => process.stderr.write(`${name}: ${message.type()}: ${message.text()}\n`));
    page.on("pageerror", (error) => process.stderr.write(`${name}: ${error.message}\n`));
    const file = join(pages, `${name}.html`);
    writeFileSync(
      file,
      look.startsWith("report") ? reportPage(script, data.get(fixture)) : editorPage(script, data.get(fixture), themes[look]),
    );
    await page.goto(pathToFileURL(file).href);
    await page.locator("h1").first().waitFor();
    await picture(page, name, width);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (overflow > 0) process.stderr.write(`${name}: ${overflow} px wider than the window\n`);
    await page.close();
  }
} finally {
  await browser.close();
  rmSync(pages, { recursive: true, force: true });
}
process.stderr.write(`${shots.length} pictures, bundle ${(script.length / 1000).toFixed(0)} kB\n`);
