/** State, stop reason and actions of a run in words. */
import { count, duration, resourcesText } from "@midtrain/protocol/words";
import type { RunStatus, StopReason } from "@midtrain/protocol/run";
import type { PanelToHost } from "@midtrain/protocol/panel";

type RunAction = Extract<PanelToHost, { type: "run-action" }>["action"];

interface ActionButton {
  readonly action: RunAction;
  readonly label: string;
  readonly primary: boolean;
}

const resumable: readonly RunStatus["state"][] = ["paused", "failed", "lost"];
const stoppable: readonly RunStatus["state"][] = ["queued", "preparing", "running"];

/** Buttons of the header: only what the state allows. */
export function actionsOf(status: RunStatus): readonly ActionButton[] {
  const buttons: ActionButton[] = [];
  if (stoppable.includes(status.state)) buttons.push({ action: "stop", label: "Stop", primary: true });
  if (resumable.includes(status.state) || status.stopReason?.family === "user")
    buttons.push({ action: "resume", label: "Resume", primary: true });
  buttons.push({ action: "open-log", label: "Open Log", primary: false });
  buttons.push({ action: "reveal-folder", label: "Open Folder", primary: false });
  if (status.evaluation && status.evaluation.done > 0) buttons.push({ action: "open-report", label: "Open Report", primary: false });
  return buttons;
}

/** `careful-7b2f · running · step 412 of 1,200 · 3.1k tokens/s · 4 min left`, as parts. */
export function headerParts(status: RunStatus): readonly string[] {
  const parts = [
    status.run,
    status.state === "running" && status.phase !== "" && status.phase !== "training" ? `running (${status.phase})` : status.state,
  ];
  if (status.steps > 0) parts.push(`step ${count(status.step)} of ${count(status.steps)}`);
  if (isLive(status) && status.tokensPerSecond) parts.push(`${count(status.tokensPerSecond)} tokens/s`);
  if (isLive(status) && status.secondsLeft !== undefined) parts.push(`${duration(status.secondsLeft)} left`);
  if (isLive(status) && status.resources) parts.push(resourcesText(status.resources));
  if (status.evaluation && status.evaluation.planned > 0)
    parts.push(`evaluation ${count(status.evaluation.done)} of ${count(status.evaluation.planned)}`);
  return parts;
}

export function isLive(status: RunStatus): boolean {
  return status.state === "queued" || status.state === "preparing" || status.state === "running" || status.state === "stopping";
}

const families: Readonly<Record<StopReason["family"], string>> = {
  "planned-end": "Reached its planned end",
  "no-more-worth": "Stopped because more training was not worth it",
  harm: "Stopped for harm",
  user: "Stopped by you",
  failure: "Failed",
};

/** Why the run ended; what it waits for while it has not. */
export function stopSentence(status: RunStatus): string {
  if (status.stopReason) return `${families[status.stopReason.family]}: ${sentence(lowerFirst(status.stopReason.text))}`;
  if (status.state === "lost") return "The controller is gone without a last word; Resume continues from the last checkpoint.";
  if (status.state === "queued" || status.state === "preparing") return "Training has not begun.";
  if (status.state === "paused") return "Paused; Resume continues from the last checkpoint.";
  return "Not stopped: it ends at the planned step, when more is not worth it, or when a gate confirms harm.";
}

/** The first sentence, and whatever else the headline says. */
export function headlineParts(headline: string): readonly [first: string, rest: string] {
  const end = headline.search(/[.!?]\s+(?=\p{Lu})/u);
  return end < 0 ? [sentence(headline), ""] : [headline.slice(0, end + 1), sentence(headline.slice(end + 1))];
}

export function sentence(text: string): string {
  return /[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}

/** Lower case for the first letter of an ordinary word, not for a name or an abbreviation. */
function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
