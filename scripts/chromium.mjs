/** The Chromium that tests and pictures run in, and how it is started: headless, silent, no request of its own. */
import { existsSync } from "node:fs";

const usualPlaces = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** @returns {string | undefined} */
export function chromiumPath() {
  const named = process.env["MIDTRAIN_CHROMIUM"];
  return [...(named ? [named] : []), ...usualPlaces].find((file) => existsSync(file));
}

export const chromiumArguments = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
