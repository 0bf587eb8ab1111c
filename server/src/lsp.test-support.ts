/** For tests: an installation built from the sources under test, and an editor that speaks with its language server over stdio. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter, type MessageConnection } from "vscode-jsonrpc/node";
import type { ServerRequests } from "@midtrain/protocol/language-server";

const repositoryRoot = join(__dirname, "..", "..");

/** Bundles of the server and its worker beside media/ and rank data, as the build lays them out. @returns its directory */
export async function makeInstallation(): Promise<string> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "midtrain-lsp-")));
  mkdirSync(join(root, "dist", "encoders"), { recursive: true });
  copyFileSync(join(repositoryRoot, "package.json"), join(root, "package.json"));
  symlinkSync(join(repositoryRoot, "media"), join(root, "media"));
  for (const encoding of ["o200k_base.json", "cl100k_base.json"])
    copyFileSync(join(repositoryRoot, "node_modules", "tiktoken", "encoders", encoding), join(root, "dist", "encoders", encoding));
  await build({
    entryPoints: { lsp: join(__dirname, "lsp.ts"), "engine-worker": join(__dirname, "features", "engine-worker.ts") },
    outdir: join(root, "dist"),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    mainFields: ["module", "main"],
    external: ["onnxruntime-node", "onnxruntime-common"],
    logLevel: "error",
  });
  return root;
}

export interface EditorOptions {
  readonly installation: string;
  readonly folder: string;
  readonly trusted?: boolean;
  /** What the editor's settings say below `midtrain`. */
  readonly settings?: object;
}

/** What VS Code does, without VS Code: the protocol's messages over the pipes of a real server process. */
export class Editor {
  private versions = 0;
  /** What the server logged. */
  readonly log: string[] = [];

  private constructor(
    readonly server: ChildProcess,
    readonly connection: MessageConnection,
    private settings: object,
  ) {}

  static async start({ installation, folder, trusted = true, settings = {} }: EditorOptions): Promise<Editor> {
    const server = spawn(process.execPath, [join(installation, "dist", "lsp.js"), "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
    const connection = createMessageConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
    const editor = new Editor(server, connection, settings);
    connection.onRequest("workspace/configuration", ({ items }: { items: readonly unknown[] }) => items.map(() => editor.settings));
    connection.onRequest("client/registerCapability", () => null);
    connection.onNotification("window/logMessage", ({ message }: { message: string }) => void editor.log.push(message));
    const configured = editor.hintsRefreshed();
    connection.listen();
    await connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "folder" }],
      capabilities: { workspace: { configuration: true, workspaceFolders: true, inlayHint: { refreshSupport: true } } },
      initializationOptions: { trusted },
    });
    await connection.sendNotification("initialized", {});
    await configured;
    return editor;
  }

  /** The server asks for this once it has read the settings. */
  private hintsRefreshed(): Promise<void> {
    return new Promise((resolve) => {
      this.connection.onRequest("workspace/inlayHint/refresh", () => {
        resolve();
        return null;
      });
    });
  }

  /** The settings are others, and the server has not heard of it yet. */
  changeUnsaid(settings: object): void {
    this.settings = settings;
  }

  async configure(settings: object): Promise<void> {
    this.settings = settings;
    const refreshed = this.hintsRefreshed();
    await this.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    await refreshed;
  }

  /** @returns the document's address */
  async open(file: string, text: string, languageId = "typescript"): Promise<string> {
    const uri = pathToFileURL(file).href;
    await this.connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId, version: ++this.versions, text },
    });
    return uri;
  }

  /** Text of the hover, null where there is none. */
  async hover(uri: string, line: number, character: number): Promise<string | null> {
    const hover: { contents: { value: string } } | null = await this.connection.sendRequest("textDocument/hover", {
      textDocument: { uri },
      position: { line, character },
    });
    return hover?.contents.value ?? null;
  }

  async hints(uri: string, lines: number): Promise<readonly { position: { line: number; character: number }; label: string }[]> {
    const range = { start: { line: 0, character: 0 }, end: { line: lines, character: 0 } };
    return (await this.connection.sendRequest("textDocument/inlayHint", { textDocument: { uri }, range })) ?? [];
  }

  request<M extends keyof ServerRequests>(method: M, params: ServerRequests[M]["params"]): Promise<ServerRequests[M]["result"]> {
    return this.connection.sendRequest(method, params);
  }

  /** Ends the server as an editor does. @returns its exit code */
  async close(): Promise<number | null> {
    if (this.server.exitCode !== null) return this.server.exitCode;
    const exit = once(this.server, "exit");
    await this.connection.sendRequest("shutdown");
    await this.connection.sendNotification("exit");
    const [code] = (await exit) as [number | null];
    this.connection.dispose();
    return code;
  }
}
