import type { ErrorReason } from "@midtrain/protocol/errors";
import type { Progress } from "@midtrain/protocol/progress";
import type { Harvest, HarvestOptions } from "./harvest";

/** What crosses between the thread that asks and the thread that harvests. */
export type HarvestTask = Omit<HarvestOptions, "signal" | "onProgress">;

export type ToWorker = { readonly kind: "cancel" };

export type FromWorker =
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "done"; readonly harvest: Harvest }
  | { readonly kind: "failed"; readonly reason: ErrorReason; readonly message: string; readonly where?: string; readonly next?: string };
