/** Door of the training room: preparing, launching, controlling and reading runs. */
export { defaultBudget, parseBudget } from "./budget";
export { openBaseModel, type BaseModel } from "./base-model";
export { evaluateModel, type EvaluateModelOptions, type ModelEvaluation, type ModelSuiteResult } from "./evaluate-model";
export { recomputeRun, type Recomputed } from "./recompute";
export { runController, type ControllerOptions } from "./controller";
export type { Inbox } from "./controller-work";
export { openEventLog, readEvents, type EventLog, type EventPage } from "./event-log";
export { followEvents, type FollowedEvent, type FollowOptions } from "./follow-events";
export { controllerOutput, launchRun, type LaunchedRun } from "./launch";
export { sendCommand } from "./mailbox";
export { prepareRun, type PreparedRun, type PrepareOptions } from "./prepare";
export { writeReport } from "./report";
export { readIdentity, readPlan, readWrittenStatus, runFiles } from "./run-directory";
export { readStatus } from "./run-status";
export { buildRunView } from "./run-view";
export { findRun, listRuns, readRun, readRunView, runsDirectory } from "./runs";
