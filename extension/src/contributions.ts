/** Ids that the manifest declares: a test holds them against package.json. */
export const viewIds = { corpus: "midtrain.corpus", runs: "midtrain.runs", gates: "midtrain.gates" } as const;

export const panelTypes = { run: "midtrain.run", fragmentation: "midtrain.fragmentation", corpus: "midtrain.corpusReport" } as const;

/** Commands; the types of their arguments are in commands.ts. */
export const commandNames = [
  "midtrain.adapt",
  "midtrain.harvest",
  "midtrain.showFragmentationReport",
  "midtrain.showInReport",
  "midtrain.ignoreName",
  "midtrain.renameName",
  "midtrain.toggleTokens",
  "midtrain.selectTokenizer",
  "midtrain.startRun",
  "midtrain.setUpEnvironment",
  "midtrain.selectModel",
  "midtrain.stopRun",
  "midtrain.resumeRun",
  "midtrain.openGates",
  "midtrain.openRunReport",
  "midtrain.openConfiguration",
  "midtrain.showLog",
  "midtrain.cancelWork",
  "midtrain.revealRun",
  "midtrain.openCorpusFile",
  "midtrain.openEvaluation",
  "midtrain.explainFile",
  "midtrain.includeInCorpus",
  "midtrain.excludeFromCorpus",
  "midtrain.allowFinding",
  "midtrain.setClass",
  "midtrain.setLanguage",
  "midtrain.openDuplicate",
  "midtrain.reviewRedactions",
  "midtrain.openCorpusReport",
  "midtrain.checkCorpus",
  "midtrain.showMoreOfCorpus",
] as const;

/** Settings and their types. */
export interface Settings {
  "midtrain.tokenizer": string;
  "midtrain.model": string;
  "midtrain.risk": "careful" | "normal" | "bold";
  "midtrain.budget": string;
  "midtrain.python": string;
  "midtrain.hover.enabled": boolean;
  "midtrain.languageStatus.enabled": boolean;
  "midtrain.inlayHints.enabled": boolean;
  "midtrain.inlayHints.minimumTokens": number;
  "midtrain.inlayHints.show": "count" | "pieces";
  "midtrain.codeLens.enabled": boolean;
  "midtrain.codeActions.enabled": boolean;
  "midtrain.diagnostics.enabled": boolean;
  "midtrain.diagnostics.minimumTokens": number;
  "midtrain.corpus.harvestOnSave": boolean;
}

export const settingNames = [
  "midtrain.tokenizer",
  "midtrain.model",
  "midtrain.risk",
  "midtrain.budget",
  "midtrain.python",
  "midtrain.hover.enabled",
  "midtrain.languageStatus.enabled",
  "midtrain.inlayHints.enabled",
  "midtrain.inlayHints.minimumTokens",
  "midtrain.inlayHints.show",
  "midtrain.codeLens.enabled",
  "midtrain.codeActions.enabled",
  "midtrain.diagnostics.enabled",
  "midtrain.diagnostics.minimumTokens",
  "midtrain.corpus.harvestOnSave",
] as const satisfies readonly (keyof Settings)[];
