/** Hover, hints, lens, diagnostics, actions and tokens of names: each asked for by the editor, each with its switch. */
import { DocumentDiagnosticReportKind, type CancellationToken, type Connection } from "vscode-languageserver";
import type { TextDocuments } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { ServerRequests } from "@midtrain/protocol/language-server";
import { encodingOf } from "../identifiers";
import { editedLines } from "./edited-lines";
import type { EditorSettings } from "./editor-settings";
import { languageFor, type NameContext } from "./name-context";
import { nameActions, nameDiagnostics } from "./name-diagnostics";
import { figuresOfDocument, nameHints, nameLens } from "./name-hints";
import { nameHover } from "./name-hover";
import { asResponseError } from "./server-errors";
import { shownTokens } from "./shown-tokens";

export interface NameServices {
  readonly connection: Connection;
  readonly documents: TextDocuments<TextDocument>;
  settings(): EditorSettings;
  /** Address of the page that explains the codes of diagnostics. */
  help(): string | undefined;
  /** Undefined for a document that is not open. */
  contextOf(uri: string): Promise<NameContext | undefined>;
}

export function registerNames(services: NameServices): void {
  registerLanguageFeatures(services);
  registerTokenRequests(services);
}

function registerLanguageFeatures({ connection, settings, help, contextOf }: NameServices): void {
  /** An answer to a request that was taken back is not worth its work; a feature of the editor must not pop up errors. */
  const answer = async <T>(uri: string, token: CancellationToken, none: T, make: (context: NameContext) => T): Promise<T> => {
    try {
      const context = await contextOf(uri);
      return context === undefined || token.isCancellationRequested ? none : make(context);
    } catch (error) {
      connection.console.error(error instanceof Error ? error.message : String(error));
      return none;
    }
  };
  connection.onHover(({ textDocument, position }, token) =>
    settings().hover.enabled ? answer(textDocument.uri, token, null, (context) => nameHover(context, position) ?? null) : null,
  );
  connection.languages.inlayHint.on(({ textDocument, range }, token) => {
    const { enabled, ...shown } = settings().inlayHints;
    return enabled ? answer(textDocument.uri, token, [], (context) => nameHints(context, range, shown)) : [];
  });
  connection.onCodeLens(({ textDocument }, token) => (settings().codeLens.enabled ? answer(textDocument.uri, token, [], nameLens) : []));
  connection.languages.diagnostics.on(async ({ textDocument }, token) => {
    const { enabled, minimumTokens } = settings().diagnostics;
    const make = (context: NameContext) => nameDiagnostics(context, minimumTokens, help());
    return { kind: DocumentDiagnosticReportKind.Full, items: enabled ? await answer(textDocument.uri, token, [], make) : [] };
  });
  connection.onCodeAction(({ textDocument, range, context: { diagnostics } }, token) =>
    settings().codeActions.enabled ? answer(textDocument.uri, token, [], (context) => nameActions(context, range, diagnostics)) : [],
  );
}

function registerTokenRequests({ connection, documents, contextOf }: NameServices): void {
  /** Text of each document as it was opened or saved last. */
  const saved = new Map<string, string>();
  documents.onDidOpen(({ document }) => saved.set(document.uri, document.getText()));
  documents.onDidSave(({ document }) => saved.set(document.uri, document.getText()));
  documents.onDidClose(({ document }) => saved.delete(document.uri));
  const onRequest = <M extends "midtrain/fileFragmentation" | "midtrain/shownTokens" | "midtrain/editedLines">(
    method: M,
    make: (context: NameContext, params: ServerRequests[M]["params"]) => ServerRequests[M]["result"],
  ): void => {
    connection.onRequest(method, async (params: ServerRequests[M]["params"]) => {
      try {
        const context = await contextOf(params.uri);
        return context === undefined ? null : make(context, params);
      } catch (error) {
        return asResponseError(error);
      }
    });
  };
  onRequest("midtrain/fileFragmentation", figuresOfDocument);
  onRequest("midtrain/shownTokens", (context, { range }) => shownTokens(context, range));
  onRequest("midtrain/editedLines", ({ document, tokenizer }, { uri }) => {
    const before = saved.get(uri);
    if (before === undefined) return null;
    const version = (text: string) => ({ text, encoding: encodingOf(text, languageFor(document), tokenizer) });
    return editedLines(version(before), version(document.getText()));
  });
}
