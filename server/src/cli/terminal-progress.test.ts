import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { terminalProgress } from "./terminal-progress";

function recorded(): { readonly stream: NodeJS.WriteStream; readonly lines: () => readonly string[] } {
  let text = "";
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  }) as unknown as NodeJS.WriteStream;
  return { stream, lines: () => text.split("\n").slice(0, -1) };
}

describe("progress where there is no terminal", () => {
  it("writes a line for each message, the last count once, and counts in between only as time passes", () => {
    const { stream, lines } = recorded();
    let time = 0;
    const progress = terminalProgress({ stream, quiet: false, now: () => time });
    const files = (done: number): void => progress.update({ stage: "harvest", message: "comparing files", done, total: 3, unit: "files" });
    files(1);
    files(2);
    time = 6000;
    files(2);
    for (let thread = 0; thread < 4; thread++) files(3);
    progress.update({ stage: "harvest", message: "writing" });
    expect(lines().map((line) => line.replace(/[█░ ]+/g, " "))).toEqual([
      "harvest comparing files 1/3 files",
      "harvest comparing files 2/3 files",
      "harvest comparing files 3/3 files",
      "harvest writing",
    ]);
  });

  it("says nothing where quiet was asked for", () => {
    const { stream, lines } = recorded();
    terminalProgress({ stream, quiet: true }).update({ stage: "harvest", message: "writing" });
    expect(lines()).toEqual([]);
  });
});
