/** The typed command table: a test holds it against the manifest. */
import * as vscode from "vscode";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { LineRange } from "@midtrain/protocol/language-server";
import { commandNames } from "./contributions";
import type { CorpusTarget } from "./corpus/corpus-nodes";
import type { Log } from "./platform/log";
import { showError } from "./platform/notify";

/** Arguments of each command; palette commands take none or fall back to a choice. */
export interface CommandArguments extends Record<CommandName, readonly unknown[]> {
  "midtrain.adapt": [];
  "midtrain.harvest": [];
  "midtrain.showFragmentationReport": [];
  "midtrain.showInReport": [term: string];
  "midtrain.ignoreName": [term: string];
  "midtrain.renameName": [uri: string, position: LineRange["start"], name: string];
  "midtrain.toggleTokens": [];
  "midtrain.selectTokenizer": [];
  "midtrain.startRun": [];
  "midtrain.setUpEnvironment": [];
  "midtrain.selectModel": [];
  "midtrain.stopRun": [run?: RunArgument];
  "midtrain.resumeRun": [run?: RunArgument];
  "midtrain.openGates": [run?: RunArgument];
  "midtrain.openRunReport": [run?: RunArgument];
  "midtrain.openConfiguration": [];
  "midtrain.showLog": [];
  "midtrain.cancelWork": [];
  "midtrain.revealRun": [run: RunArgument];
  "midtrain.openCorpusFile": [path: string, line?: number];
  "midtrain.openEvaluation": [runDirectory: string, branch: number, step: number];
  "midtrain.explainFile": [target?: CorpusTarget];
  "midtrain.includeInCorpus": [target?: CorpusTarget];
  "midtrain.excludeFromCorpus": [target?: CorpusTarget];
  "midtrain.allowFinding": [target: CorpusTarget];
  "midtrain.setClass": [target?: CorpusTarget];
  "midtrain.setLanguage": [target?: CorpusTarget];
  "midtrain.openDuplicate": [target: CorpusTarget];
  "midtrain.reviewRedactions": [];
  "midtrain.openCorpusReport": [];
  "midtrain.checkCorpus": [];
  "midtrain.showMoreOfCorpus": [target: CorpusTarget];
}

export type CommandName = (typeof commandNames)[number];

/** A tree item of the runs view, or what a link carries. */
export interface RunArgument {
  readonly runDirectory: string;
}

export type Handlers = { readonly [N in CommandName]: (...args: CommandArguments[N]) => Promise<void> | void };

/** Registers every command once, with one treatment of errors: cancelled is quiet, all else is shown once and logged. */
export function registerCommands(handlers: Handlers, log: Log): vscode.Disposable {
  const registrations = commandNames.map((name) =>
    vscode.commands.registerCommand(name, async (...args: unknown[]) => {
      try {
        await (handlers[name] as (...args: unknown[]) => Promise<void> | void)(...args);
      } catch (error) {
        if (error instanceof vscode.CancellationError || MidtrainError.is(error, "cancelled")) return;
        log.error(`${name} failed`, error);
        await showError(error);
      }
    }),
  );
  return vscode.Disposable.from(...registrations);
}
