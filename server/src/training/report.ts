/** report.html: the gates panel's own code and one run's data in a single file that opens anywhere, offline. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PanelData, RunView } from "@midtrain/protocol/run-view";
import { bundledFile } from "../config";
import { writeFileAtomic } from "../platform/atomic-write";
import { runFiles } from "./run-directory";
import { readRunView } from "./runs";

/** Writes report.html of a run and returns its path. @throws MidtrainError (environment) when the build has no panel bundle. */
export function writeReport(runDirectory: string): string {
  const file = runFiles(runDirectory).report;
  writeFileAtomic(file, renderReport(readRunView(runDirectory)));
  return file;
}

function renderReport(run: RunView): string {
  const script = readFileSync(bundledFile("webview.js"), "utf8");
  const styleFile = join(dirname(bundledFile("webview.js")), "webview.css");
  const style = existsSync(styleFile) ? readFileSync(styleFile, "utf8") : "";
  return reportPage({ title: `${run.identity.run} · Midtrain`, data: { view: "run", run }, script, style });
}

/** Pure. Nothing is fetched: the policy allows exactly the one script whose hash it names. */
export function reportPage(parts: {
  readonly title: string;
  readonly data: PanelData;
  readonly script: string;
  readonly style: string;
}): string {
  const script = parts.script.replaceAll("</script", "<\\/script");
  const hash = createHash("sha256").update(script, "utf8").digest("base64");
  const policy = `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(parts.title)}</title>
<style>${parts.style.replaceAll("</style", "<\\/style")}</style>
</head>
<body>
<script type="application/json" id="midtrain-data">${jsonInHtml(parts.data)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** JSON that cannot end its script element, whatever a path or a completion of the repository contains. */
function jsonInHtml(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c").replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
