import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** A controller writes state.json at most once a second. */
const lookEvery = 1000;

/**
 * Says when something below `.midtrain/runs` changed. Looks at modification times instead of file-system
 * events: those are missing on network file systems, where remote runs live, and one look is a few stats.
 */
export class RunsWatcher {
  private readonly seen = new Map<string, string>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly changed: (midtrain: string) => void) {
    this.timer = setInterval(() => this.look(), lookEvery);
    this.timer.unref();
  }

  add(midtrain: string): void {
    if (!this.seen.has(midtrain)) this.seen.set(midtrain, fingerprint(midtrain));
  }

  private look(): void {
    for (const [midtrain, before] of this.seen) {
      const now = fingerprint(midtrain);
      if (now === before) continue;
      this.seen.set(midtrain, now);
      this.changed(midtrain);
    }
  }

  dispose(): void {
    clearInterval(this.timer);
  }
}

function fingerprint(midtrain: string): string {
  const runs = join(midtrain, "runs");
  if (!existsSync(runs)) return "";
  return readdirSync(runs)
    .map((name) => `${name} ${modified(join(runs, name, "state.json"))}`)
    .join("\n");
}

function modified(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
