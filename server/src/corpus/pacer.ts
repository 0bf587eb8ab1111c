import { setImmediate as nextTurn } from "node:timers/promises";
import { throwIfCancelled } from "../platform/cancellation";

/** Keeps the event loop alive inside long loops: `if (pacer.due()) await pacer.rest()` at every unit of work. */
export interface Pacer {
  /** True when the current slice of work is used up. */
  due(): boolean;
  /** Lets other events run; throws the cancellation error once the signal fired. */
  rest(): Promise<void>;
}

const sliceMilliseconds = 12;

export function makePacer(signal: AbortSignal | undefined, stage: string): Pacer {
  let sliceStart = performance.now();
  return {
    due: () => performance.now() - sliceStart > sliceMilliseconds,
    rest: async () => {
      await nextTurn();
      throwIfCancelled(signal, stage);
      sliceStart = performance.now();
    },
  };
}
