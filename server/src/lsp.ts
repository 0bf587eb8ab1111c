/** Entry point: the language server. Knows LSP, not vscode; stateless per request but for caches. */
import {
  CodeActionKind,
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
import { dirname, sep } from "node:path";
import { toolVersion } from "./platform/version";
import { interpreterVariable } from "./executors";
import { termIgnore } from "./identifiers";
import { loadTokenizer, type Tokenizer } from "./tokenizer";
import { defaultSettings, editorTokenizer, parseSettings, placeOf, type EditorSettings } from "./features/editor-settings";
import { registerEngineRequests } from "./features/engine-requests";
import type { NameContext } from "./features/name-context";
import { registerNames } from "./features/register-names";
import { RepositoryReports } from "./features/repository-report";
import { RunsWatcher } from "./features/watch-runs";

const connection = createConnection(ProposedFeatures.all);
const documents = new TextDocuments(TextDocument);
const reports = new RepositoryReports();
const tokenizers = new Map<string, Promise<Tokenizer>>();
const watcher = new RunsWatcher((midtrain) => void connection.sendNotification("midtrain/runsChanged", { directory: dirname(midtrain) }));

let settings: EditorSettings = defaultSettings;
let folders: readonly string[] = [];
let trusted = false;
let help: string | undefined;
let canPullSettings = false;
let foldersCanChange = false;
let refreshes = { hints: false, diagnostics: false, lenses: false };

const initializationSchema = z.object({
  trusted: z._default(z.boolean(), false),
  /** Address of the page that explains the codes of diagnostics. */
  help: z.optional(z.string()),
});

connection.onInitialize((params: InitializeParams): InitializeResult => {
  const options = initializationSchema.safeParse(params.initializationOptions ?? {}).data;
  trusted = options?.trusted ?? false;
  help = options?.help;
  canPullSettings = params.capabilities.workspace?.configuration === true;
  foldersCanChange = params.capabilities.workspace?.workspaceFolders === true;
  refreshes = {
    hints: params.capabilities.workspace?.inlayHint?.refreshSupport === true,
    diagnostics: params.capabilities.workspace?.diagnostics?.refreshSupport === true,
    lenses: params.capabilities.workspace?.codeLens?.refreshSupport === true,
  };
  folders = (params.workspaceFolders ?? []).filter(({ uri }) => uri.startsWith("file:")).map(({ uri }) => fileURLToPath(uri));
  return {
    serverInfo: { name: "midtrain", version: toolVersion },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      hoverProvider: true,
      inlayHintProvider: true,
      codeLensProvider: { resolveProvider: false },
      codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.Refactor] },
      diagnosticProvider: { identifier: "midtrain", interFileDependencies: false, workspaceDiagnostics: false },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
});

/** Until then the settings are only the defaults. */
let knowSettings = (): void => undefined;
const settingsKnown = new Promise<void>((resolve) => (knowSettings = resolve));

connection.onInitialized(async () => {
  if (canPullSettings) await connection.client.register(DidChangeConfigurationNotification.type, { section: "midtrain" });
  if (foldersCanChange) connection.workspace.onDidChangeWorkspaceFolders(changeFolders);
  await pullSettings().finally(knowSettings);
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
  await readSettings();
  await refreshNames();
}

async function readSettings(): Promise<void> {
  settings = parseSettings(await connection.workspace.getConfiguration("midtrain"));
  chooseInterpreter();
}

/** What is started now goes by what the editor says now: its word of a change may still be on the way. */
async function latestSettings(): Promise<void> {
  await settingsKnown;
  if (canPullSettings) await readSettings();
}

const ownInterpreter = process.env[interpreterVariable];

/** Runs and checks that this server starts find the chosen interpreter in their environment. The setting is machine-scoped. */
function chooseInterpreter(): void {
  if (settings.python !== "" && trusted) process.env[interpreterVariable] = settings.python;
  else if (ownInterpreter === undefined) delete process.env[interpreterVariable];
  else process.env[interpreterVariable] = ownInterpreter;
}

/** Settings, the tokenizer or the repository's figures changed: the editor asks again for what it shows. */
async function refreshNames(): Promise<void> {
  const { inlayHint, diagnostics } = connection.languages;
  const asked = [
    ...(refreshes.hints ? [inlayHint.refresh()] : []),
    ...(refreshes.diagnostics ? [diagnostics.refresh()] : []),
    ...(refreshes.lenses ? [connection.sendRequest("workspace/codeLens/refresh")] : []),
  ];
  await Promise.all(asked);
}

connection.onDidChangeConfiguration(async (change) => {
  if (canPullSettings) await pullSettings();
  else settings = parseSettings((change.settings as { midtrain?: unknown } | undefined)?.midtrain);
});

connection.onNotification("midtrain/trustGranted", () => {
  trusted = true;
  chooseInterpreter();
});

/** Undefined for what is not a file, or has an address that no file can have. */
function pathOf(uri: string): string | undefined {
  try {
    return uri.startsWith("file:") ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
}

/** The folder that a document belongs to, else the document's own directory. */
function folderOf(uri: string): string | undefined {
  const path = pathOf(uri);
  if (path === undefined) return folders[0];
  const within = (folder: string): boolean => path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
  return [...folders].sort((a, b) => b.length - a.length).find(within) ?? dirname(path);
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
  const { hash } = loaded.identity;
  return {
    document,
    tokenizer: loaded,
    repositoryTerm: (term) => reports.term(place.midtrain, hash, term),
    cheaperSpelling: (term) => reports.cheaperSpelling(place.midtrain, hash, term),
    isIgnored: termIgnore(place.config.fragmentation?.ignore ?? []),
  };
}

registerNames({ connection, documents, settings: () => settings, help: () => help, contextOf });
registerEngineRequests({
  connection,
  reports,
  place: (directory) => placeOf(directory, settings, trusted),
  latestSettings,
  trusted: () => trusted,
  watch: (midtrain) => watcher.add(midtrain),
});
documents.listen(connection);
connection.listen();
