/**
 * Messages between a panel and the extension (postMessage). The host sends complete snapshots: a hidden
 * panel keeps only the newest. What a panel sends is parsed by this schema on the host.
 */
import * as z from "zod/mini";
import type { PanelData } from "./run-view";

export type HostToPanel =
  { readonly type: "data"; readonly data: PanelData } | { readonly type: "problem"; readonly text: string; readonly next: string };

const runAction = z.enum(["stop", "resume", "reveal-folder", "open-log", "open-report"]);
const corpusAction = z.enum(["harvest", "open-configuration", "review-redactions", "check"]);

/** A path inside the repository: relative, with slashes, nowhere upwards. */
const insidePath = z.string().check(z.refine((path) => !/^([\\/]|[A-Za-z]:)|(^|[\\/])\.\.([\\/]|$)|\0/.test(path)));
/** A file's name without a directory. */
const fileName = z.string().check(z.regex(/^\w[\w.-]{0,99}$/));
const line = z.number().check(z.int(), z.nonnegative());

export const panelToHostSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready") }),
  z.object({ type: z.literal("run-action"), action: runAction, run: z.string() }),
  /** A file of the repository, path relative to its root; line from 0. */
  z.object({ type: z.literal("open-file"), path: insidePath, line: z.optional(line) }),
  /** Items behind an evaluation: evaluations/<branch>-<step>.json of the run. */
  z.object({ type: z.literal("open-items"), run: z.string(), branch: z.number(), step: z.number() }),
  /** The event with this sequence number in events.jsonl. */
  z.object({ type: z.literal("open-event"), run: z.string(), seq: z.number() }),
  /** All occurrences of a term. */
  z.object({ type: z.literal("open-term"), term: z.string() }),
  z.object({ type: z.literal("copy"), text: z.string() }),
  /** A file of the user's choice, with this text; the name is a proposal. */
  z.object({ type: z.literal("save"), name: fileName, text: z.string() }),
  /** Names of one directory of the repository; "" takes the choice back. */
  z.object({ type: z.literal("show-directory"), path: insidePath }),
  z.object({ type: z.literal("names-action"), action: z.enum(["measure", "compare", "assess-expansion", "select-tokenizer"]) }),
  z.object({ type: z.literal("corpus-action"), action: corpusAction }),
  /** The files behind a figure of the corpus panel. */
  z.object({
    type: z.literal("show-files"),
    list: z.discriminatedUnion("of", [
      z.object({
        of: z.literal("documents"),
        sides: z.array(z.enum(["train", "held-out", "sealed"])),
        class: z.optional(z.string()),
        language: z.optional(z.string()),
      }),
      z.object({ of: z.literal("rejects"), rule: z.optional(z.string()) }),
      z.object({ of: z.literal("redactions"), rule: z.optional(z.string()) }),
      z.object({ of: z.literal("clusters") }),
    ]),
    under: z.string(),
  }),
]);

export type PanelToHost = z.infer<typeof panelToHostSchema>;

/** What a panel keeps across reloads: ids and UI state only (persist intent, refetch data). */
export const panelStateSchema = z.object({
  view: z.enum(["run", "fragmentation", "corpus"]),
  run: z.optional(z.string()),
  ui: z.optional(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
});
export type PanelState = z.infer<typeof panelStateSchema>;
