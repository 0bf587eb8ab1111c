/** Entry point: the language server. Knows LSP, not vscode; stateless per request but for caches. */
import {
  createConnection,
  DidChangeConfigurationNotification,
  ProposedFeatures,
  TextDocuments,
  TextDocumentSyncKind,
  type InitializeParams,
  type InitializeResult,
  type WorkspaceFoldersChangeEvent,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import * as z from "zod/mini";
import { fileURLToPath } from "node:url";
import { dirname } from "node:path";
import { toolVersion } from "./platform/version";
import { loadTokenizer, type Tokenizer } from "./tokenizer";
import { defaultSettings, editorTokenizer, parseSettings, placeOf, type EditorSettings } from "./features/editor-settings";
import { registerEngineRequests } from "./features/engine-requests";
import { figuresOfDocument, nameHints, nameHover, type NameContext } from "./features/name-figures";
import { RepositoryReports } from "./features/repository-report";
import { asResponseError } from "./features/server-errors";
import { RunsWatcher } from "./features/watch-runs";

const connection = createConnection(ProposedFeatures.all);
const documents = new TextDocuments(TextDocument);
const reports = new RepositoryReports();
const tokenizers = new Map<string, Promise<Tokenizer>>();
const watcher = new RunsWatcher((midtrain) => void connection.sendNotification("midtrain/runsChanged", { directory: dirname(midtrain) }));

let settings: EditorSettings = defaultSettings;
let folders: readonly string[] = [];
let trusted = false;
let canPullSettings = false;
let foldersCanChange = false;

const initializationSchema = z.object({ trusted: z._default(z.boolean(), false) });

connection.onInitialize((params: InitializeParams): InitializeResult => {
  trusted = initializationSchema.safeParse(params.initializationOptions ?? {}).data?.trusted ?? false;
  canPullSettings = params.capabilities.workspace?.configuration === true;
  foldersCanChange = params.capabilities.workspace?.workspaceFolders === true;
  folders = (params.workspaceFolders ?? []).filter(({ uri }) => uri.startsWith("file:")).map(({ uri }) => fileURLToPath(uri));
  return {
    serverInfo: { name: "midtrain", version: toolVersion },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      hoverProvider: true,
      inlayHintProvider: true,
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
});

connection.onInitialized(async () => {
  if (canPullSettings) await connection.client.register(DidChangeConfigurationNotification.type, { section: "midtrain" });
  if (foldersCanChange) connection.workspace.onDidChangeWorkspaceFolders(changeFolders);
  await pullSettings();
});

function changeFolders({ added, removed }: WorkspaceFoldersChangeEvent): void {
  const gone = new Set(removed.map(({ uri }) => uri));
  folders = [
    ...folders.filter((folder) => ![...gone].some((uri) => uri.startsWith("file:") && fileURLToPath(uri) === folder)),
    ...added.filter(({ uri }) => uri.startsWith("file:")).map(({ uri }) => fileURLToPath(uri)),
  ];
}

async function pullSettings(): Promise<void> {
  if (!canPullSettings) return;
  settings = parseSettings(await connection.workspace.getConfiguration("midtrain"));
  await connection.languages.inlayHint.refresh();
}

connection.onDidChangeConfiguration(async (change) => {
  if (canPullSettings) await pullSettings();
  else settings = parseSettings((change.settings as { midtrain?: unknown } | undefined)?.midtrain);
});

connection.onNotification("midtrain/trustGranted", () => {
  trusted = true;
});

/** The folder that a document belongs to, else the document's own directory. */
function folderOf(uri: string): string | undefined {
  if (!uri.startsWith("file:")) return folders[0];
  const path = fileURLToPath(uri);
  return [...folders].sort((a, b) => b.length - a.length).find((folder) => path.startsWith(folder)) ?? dirname(path);
}

/** One tokenizer a specification; a failed load is tried again next time. */
function tokenizer(specification: string, base: string): Promise<Tokenizer> {
  const key = `${base}\0${specification}`;
  const known = tokenizers.get(key);
  if (known) return known;
  const loading = loadTokenizer(specification, { base });
  loading.catch(() => tokenizers.delete(key));
  tokenizers.set(key, loading);
  return loading;
}

async function contextOf(uri: string): Promise<NameContext | undefined> {
  const document = documents.get(uri);
  if (!document) return undefined;
  const directory = folderOf(uri) ?? process.cwd();
  const place = placeOf(directory, settings, trusted);
  const loaded = await tokenizer(editorTokenizer(place.config), directory);
  return { document, tokenizer: loaded, repositoryTerm: (term) => reports.term(place.midtrain, loaded.identity.hash, term) };
}

connection.onHover(async ({ textDocument, position }) => {
  if (!settings.hover.enabled) return null;
  const context = await contextOf(textDocument.uri).catch(logged);
  return context ? nameHover(context, position) : null;
});

connection.languages.inlayHint.on(async ({ textDocument, range }) => {
  if (!settings.inlayHints.enabled) return [];
  const context = await contextOf(textDocument.uri).catch(logged);
  return context ? nameHints(context, range, settings.inlayHints.minimumTokens) : [];
});

connection.onRequest("midtrain/fileFragmentation", async ({ uri }: { readonly uri: string }) => {
  try {
    const context = await contextOf(uri);
    return context ? figuresOfDocument(context) : null;
  } catch (error) {
    return asResponseError(error);
  }
});

/** A hover must not pop up errors: the log says why there is none. */
function logged(error: unknown): undefined {
  connection.console.error(error instanceof Error ? error.message : String(error));
  return undefined;
}

registerEngineRequests({
  connection,
  reports,
  place: (directory) => placeOf(directory, settings, trusted),
  trusted: () => trusted,
  watch: (midtrain) => watcher.add(midtrain),
});
documents.listen(connection);
connection.listen();
