export { decide, isStable, type Decision, type GateEvaluation, type GateHistory, type PastEvaluation } from "./decide";
export { domainProgress, type DomainPoint, type DomainProgress } from "./domain-progress";
export { isLateEvaluation, planEvaluations } from "./evaluation-plan";
export { falseAlarmLedger, holm, type FalseAlarmLedger } from "./false-alarms";
export { harmBuckets, readGates, standardErrorOf, type GatePlan, type GateReading, type HarmBucket } from "./gate-readings";
export { notchDown, notchUp, replayNotches } from "./replay-notches";
export { baseBuckets, scoreJ, selectCheckpoint, type Candidate, type Selection } from "./selection";
export { inGapWindow, toleranceFactor, toleranceOf } from "./tolerances";
