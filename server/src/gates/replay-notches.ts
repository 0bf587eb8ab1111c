/** Shares of replay between which the controller moves (chapter §3.2): one notch at a time, so that each change can be judged. */
export const replayNotches: readonly number[] = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6];

/** The next higher notch; the share itself at or above the highest. */
export function notchUp(share: number): number {
  return replayNotches.find((notch) => notch > share + 1e-9) ?? share;
}

/** The next lower notch that still replays something; the share itself at or below it. Replay is never taken away whole. */
export function notchDown(share: number): number {
  return replayNotches.findLast((notch) => notch > 0 && notch < share - 1e-9) ?? share;
}
