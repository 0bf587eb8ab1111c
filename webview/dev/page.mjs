/** The two pages that hold the panel bundle: a standalone report and an imitation of a VS Code webview. */
const escapeJson = (data) => JSON.stringify(data).replaceAll("<", "\\u003c");
const escapeScript = (script) => script.replaceAll(/<(?=\/script|!--)/gi, "\\x3c");

/** report.html as the engine writes it: only scripts with the nonce run, nothing is loaded. */
export function reportPage(script, data, nonce = "bm9uY2U") {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'">
<title>Midtrain report</title>
</head>
<body>
<script type="application/json" id="midtrain-data">${escapeJson(data)}</script>
<noscript>This report needs scripts to be drawn; its data is in the file itself.</noscript>
<script nonce="${nonce}">${escapeScript(script)}</script>
</body>
</html>
`;
}

/** A webview of the editor: an API that records what is sent and kept, data by message, theme variables on the root element. */
export function editorPage(script, data, theme, kept, nonce = "bm9uY2U") {
  const shim = `globalThis.sent=[];let kept=${escapeScript(JSON.stringify(kept ?? null))}??undefined;globalThis.acquireVsCodeApi=()=>({postMessage:(m)=>{sent.push(m);if(m.type==="ready")window.postMessage({type:"data",data:JSON.parse(document.getElementById("fixture").textContent)},"*")},getState:()=>kept,setState:(s)=>{kept=s;globalThis.kept=s}});
for(const [name,value] of Object.entries(${JSON.stringify(theme.variables)}))document.documentElement.style.setProperty("--vscode-"+name,value);document.body.className=${JSON.stringify(theme.kind)};`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'">
<title>Midtrain</title>
</head>
<body>
<script type="application/json" id="fixture">${escapeJson(data)}</script>
<script nonce="${nonce}">${shim}</script>
<script nonce="${nonce}">${escapeScript(script)}</script>
</body>
</html>
`;
}
