import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { cache } from "./places";

/** One line to the terminal and to the log file: a run in the background is followed by the latter. */
export function say(stage: string, words: string): void {
  const line = `${stage.padEnd(11)} ${words}\n`;
  process.stderr.write(line);
  mkdirSync(cache, { recursive: true });
  appendFileSync(join(cache, "base.log"), `${new Date().toISOString()} ${line}`);
}
