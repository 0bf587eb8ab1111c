/** The end of what a process wrote to stderr, for the message about its death. */
const kept = 8192;
const shownLines = 3;

export class LastWords {
  private text = "";

  add(chunk: string): void {
    this.text = (this.text + chunk).slice(-kept);
  }

  /** The last lines that say something; the end of a Python traceback is its error. */
  get lines(): string {
    const lines = this.text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== "" && !/^[~^ ]+$/.test(line));
    return lines.slice(-shownLines).join(" | ");
  }
}

/** How a process ended, in words. */
export function endInWords(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === "SIGKILL") return "it was killed (SIGKILL; often the system ran out of memory)";
  if (signal !== null) return `it was ended by ${signal}`;
  return `it ended with exit code ${code ?? "unknown"}`;
}
