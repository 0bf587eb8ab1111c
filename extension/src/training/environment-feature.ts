/** The training environment and the model: what a real model needs beside the embedded base. */
import * as vscode from "vscode";
import type { ModelChoice } from "@midtrain/protocol/model-choice";
import { bytes, count } from "@midtrain/protocol/words";
import type { Engine } from "../client/engine";
import type { LongWork, WorkView } from "../client/long-work";
import type { CommandName, Handlers } from "../commands";
import { foldersOnDisk, requireTrust } from "../platform/workspace";

type EnvironmentCommand = Extract<CommandName, "midtrain.setUpEnvironment" | "midtrain.selectModel">;

interface Choice extends vscode.QuickPickItem {
  readonly act: () => Promise<void>;
}

export class EnvironmentFeature {
  constructor(
    private readonly engine: Engine,
    private readonly work: LongWork,
    /** Says how far the installation is. */
    private readonly view: WorkView,
  ) {}

  readonly handlers: Pick<Handlers, EnvironmentCommand> = {
    "midtrain.setUpEnvironment": () => this.setUp(),
    "midtrain.selectModel": () => this.selectModel(),
  };

  /** Size and place are said before anything starts. */
  private async setUp(): Promise<void> {
    requireTrust();
    const { state, words, gpus, plan, obstacle } = await this.engine.request("midtrain/environment", {});
    const make: Choice = {
      label:
        state === "broken" ? vscode.l10n.t("$(tools) Repair the Environment") : vscode.l10n.t("$(cloud-download) Make the Environment"),
      detail: plan?.words ?? "",
      act: () => this.install(),
    };
    const choose: Choice = {
      label: vscode.l10n.t("$(file-code) Choose an Interpreter…"),
      detail: vscode.l10n.t("A Python that has torch, transformers, peft and safetensors. Kept for this machine, never from a workspace."),
      act: chooseInterpreter,
    };
    const forget: Choice = {
      label: vscode.l10n.t("$(discard) Forget the Chosen Interpreter"),
      act: async () => setInterpreter(undefined),
    };
    const choices = [...(plan ? [make] : []), choose, ...(chosenInterpreter() === "" ? [] : [forget])];
    const placeHolder = [words, gpus, obstacle].filter(Boolean).join(" ");
    const picked = await vscode.window.showQuickPick(choices, { title: vscode.l10n.t("Training Environment"), placeHolder });
    await picked?.act();
  }

  private async install(): Promise<void> {
    await vscode.commands.executeCommand(`${this.view.id}.focus`);
    const { words } = await this.work.request(
      this.view,
      vscode.l10n.t("Making the training environment"),
      "midtrain/installEnvironment",
      {},
    );
    void vscode.window.showInformationMessage(vscode.l10n.t("The training environment is ready: {0}", words));
  }

  /** The setting of this workspace; midtrain.jsonc stands above it. */
  private async selectModel(): Promise<void> {
    requireTrust();
    const folders = foldersOnDisk().map(({ uri }) => uri.fsPath);
    const models = await this.engine.request("midtrain/models", { folders: folders.map((folder) => `${folder}/models`) });
    const current = vscode.workspace.getConfiguration("midtrain").get<string>("model") ?? "";
    const items = models.map((model) => ({ ...modelItem(model, specificationOf(model) === current), model }));
    const folder = { label: vscode.l10n.t("$(folder-opened) Choose a Folder…"), description: "config.json, *.safetensors, tokenizer.json" };
    const picked = await vscode.window.showQuickPick([...items, folder], {
      title: vscode.l10n.t("Model to adapt"),
      matchOnDescription: true,
      matchOnDetail: true,
    });
    if (!picked) return;
    const chosen = "model" in picked ? specificationOf(picked.model) : await chooseFolder();
    if (chosen === undefined) return;
    await vscode.workspace.getConfiguration("midtrain").update("model", chosen, vscode.ConfigurationTarget.Workspace);
  }
}

function specificationOf({ where, name, directory }: ModelChoice): string {
  return where === "embedded" ? "" : where === "hub" ? name : directory;
}

function modelItem(model: ModelChoice, isCurrent: boolean): vscode.QuickPickItem {
  const { name, where, parameters, architecture, context, licence, tuning, problems, executors, fit } = model;
  const origin = { embedded: "comes with Midtrain, for seeing the chain work", hub: "Hugging Face cache", folder: "folder" }[where];
  // A picker shows about 90 characters of this: what decides comes first.
  const facts = [
    parameters === undefined ? undefined : `${count(parameters)} parameters`,
    tuning === "unknown" ? "base or instruct: unknown" : tuning,
    executors[0] === "onnx" ? undefined : "needs the training environment",
    fit?.words,
    fit?.fit === "does not fit" ? fit.remedies[0] : undefined,
    licence === undefined ? "no licence named" : `licence ${licence}`,
    architecture,
    context === undefined ? undefined : `${count(context)} positions`,
    `${bytes(model.bytes)} on disk`,
  ];
  return {
    label: problems.length === 0 ? name : `$(warning) ${name}`,
    description: [origin, fit?.fit, isCurrent ? vscode.l10n.t("in use") : undefined].filter(Boolean).join(" · "),
    detail: [...problems, facts.filter(Boolean).join(" · ")].join(" "),
  };
}

async function chooseFolder(): Promise<string | undefined> {
  const [folder] =
    (await vscode.window.showOpenDialog({ canSelectFolders: true, canSelectFiles: false, openLabel: vscode.l10n.t("Choose") })) ?? [];
  return folder?.fsPath;
}

function chosenInterpreter(): string {
  return vscode.workspace.getConfiguration("midtrain").get<string>("python") ?? "";
}

async function chooseInterpreter(): Promise<void> {
  const [file] = (await vscode.window.showOpenDialog({ openLabel: vscode.l10n.t("Use This Python") })) ?? [];
  if (file) await setInterpreter(file.fsPath);
}

/** Machine-scoped: a folder that is opened must not choose a program to run. */
async function setInterpreter(path: string | undefined): Promise<void> {
  await vscode.workspace.getConfiguration("midtrain").update("python", path, vscode.ConfigurationTarget.Global);
}
