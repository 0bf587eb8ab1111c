import { appendFileSync, mkdtempSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RunEvent } from "@midtrain/protocol/run";
import { openEventLog, readEvents } from "./event-log";
import { followEvents } from "./follow-events";

const now = (): Date => new Date("2026-01-02T03:04:05Z");
const logFile = (): string => join(mkdtempSync(join(tmpdir(), "midtrain-events-")), "events.jsonl");

function write(file: string, ...texts: readonly string[]): void {
  const log = openEventLog(file, now);
  for (const text of texts) log.append({ type: "log", level: "info", text }, 0);
  log.close();
}

const textsOf = (events: readonly RunEvent[]): readonly string[] => events.map((event) => (event.type === "log" ? event.text : event.type));

describe("event log", () => {
  it("counts from 0 without holes over several writers", () => {
    const file = logFile();
    write(file, "a", "b");
    write(file, "c");
    const { events } = readEvents(file);
    expect(events.map((event) => event.seq)).toEqual([0, 1, 2]);
    expect(textsOf(events)).toEqual(["a", "b", "c"]);
  });

  it("hides a torn last line from readers, at every cut, and the next writer truncates it", () => {
    const file = logFile();
    write(file, "first", "second with ü and more");
    const whole = readFileSync(file);
    const firstLine = whole.indexOf(10) + 1;
    for (let cut = firstLine; cut < whole.length; cut++) {
      writeFileSync(file, whole);
      truncateSync(file, cut);
      expect(readEvents(file)).toMatchObject({ nextByte: firstLine, events: [{ seq: 0 }] });
      write(file, "third");
      expect(textsOf(readEvents(file).events)).toEqual(["first", "third"]);
    }
  });

  it("treats zeros at the end, as a power failure leaves them, as torn", () => {
    const file = logFile();
    write(file, "first");
    appendFileSync(file, Buffer.alloc(64));
    expect(textsOf(readEvents(file).events)).toEqual(["first"]);
    write(file, "second");
    expect(textsOf(readEvents(file).events)).toEqual(["first", "second"]);
  });

  it("names the byte of a damaged line that is followed by events", () => {
    const file = logFile();
    write(file, "first", "second", "third");
    const lines = readFileSync(file, "utf8").split("\n");
    lines[1] = lines[1]!.slice(0, 20);
    writeFileSync(file, lines.join("\n"));
    expect(() => readEvents(file)).toThrow(/damaged at byte \d+: not JSON/);
  });

  it("refuses a log with a hole in seq", () => {
    const file = logFile();
    write(file, "first", "second", "third");
    const lines = readFileSync(file, "utf8").split("\n");
    writeFileSync(file, [lines[0], lines[2], ""].join("\n"));
    expect(() => readEvents(file)).toThrow(/seq 2 follows 0/);
  });

  it("reads on from the byte where the last page ended", () => {
    const file = logFile();
    write(file, "first");
    const { nextByte } = readEvents(file);
    expect(nextByte).toBe(statSync(file).size);
    write(file, "second");
    expect(textsOf(readEvents(file, nextByte).events)).toEqual(["second"]);
  });

  it("follows a log that does not exist yet, yields every event once, and ends by the signal", async () => {
    const file = logFile();
    const abort = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      for await (const { event } of followEvents(file, { signal: abort.signal, pollMilliseconds: 10 })) {
        seen.push(...textsOf([event]));
        if (seen.length === 2) write(file, "c");
        if (seen.length === 3) abort.abort();
      }
    })();
    write(file, "a", "b");
    await following;
    expect(seen).toEqual(["a", "b", "c"]);
  });

  it("ends by itself when the writer is gone, after the last event was seen", async () => {
    const file = logFile();
    write(file, "a");
    const seen: string[] = [];
    for await (const { event } of followEvents(file, { signal: new AbortController().signal, pollMilliseconds: 10, isOver: () => true }))
      seen.push(...textsOf([event]));
    expect(seen).toEqual(["a"]);
  });
});
