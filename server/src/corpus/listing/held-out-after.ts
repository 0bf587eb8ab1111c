import { MidtrainError } from "@midtrain/protocol/errors";
import { runGit } from "./git";
import { findWorkTree, type WorkTree } from "./git-place";

/** What `corpus.heldOut.after` means: a moment, or a commit whose files are the old ones. */
export type After =
  { readonly kind: "date"; readonly seconds: number } | { readonly kind: "commit"; readonly commit: string; readonly seconds: number };

const isoDate = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Seconds of an ISO date. A day alone means its end; without a zone it is UTC, so that it means the same on every machine. */
function parseDate(text: string): number | undefined {
  const match = isoDate.exec(text);
  if (match === null) return undefined;
  const [, day = "", time = "23:59:59", zone = "Z"] = match;
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(day)) return undefined;
  const moment = Date.parse(`${day}T${time}${zone}`);
  return Number.isNaN(moment) ? undefined : Math.floor(moment / 1000);
}

/** @throws MidtrainError (input) where there is no work tree of git. */
export async function requireHistory(directory: string, signal?: AbortSignal): Promise<WorkTree> {
  const tree = await findWorkTree(directory, signal);
  if (tree.kind === "work-tree") return tree;
  throw new MidtrainError({
    reason: "input",
    message: `corpus.heldOut.after needs a history, and ${tree.why}.`,
    where: directory,
    next: "Remove corpus.heldOut.after, or hold out directories instead.",
  });
}

/** Reads the value as an ISO date, else as something that git knows as a commit; never as an option. @throws MidtrainError (input). */
export async function resolveAfter(tree: WorkTree, after: string, signal?: AbortSignal): Promise<After> {
  const seconds = parseDate(after);
  if (seconds !== undefined) return { kind: "date", seconds };
  const isSafe = after !== "" && !after.startsWith("-") && !after.includes("\0");
  const found = isSafe
    ? await runGit(tree.directory, ["rev-parse", "--verify", "-q", "--end-of-options", `${after}^{commit}`], { signal })
    : undefined;
  const commit = found?.code === 0 ? found.stdout.toString("utf8").trim() : "";
  if (/^[0-9a-f]{40,64}$/.test(commit)) {
    const shown = await runGit(tree.directory, ["log", "-1", "--no-show-signature", "--format=%ct", commit, "--"], { signal });
    return { kind: "commit", commit, seconds: Number(shown.stdout.toString("utf8").trim()) };
  }
  throw new MidtrainError({
    reason: "input",
    message: `corpus.heldOut.after is ${JSON.stringify(after)}: neither a date nor a commit of this repository.`,
    where: tree.root,
    next: "Write a date (2026-01-31), or the name of a commit, tag or branch.",
  });
}
