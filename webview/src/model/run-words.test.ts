import { describe, expect, it } from "vitest";
import type { RunStatus } from "@midtrain/protocol/run";
import { agreement } from "./completions";
import { actionsOf, headerParts, headlineParts, sentence, stopSentence } from "./run-words";

const status: RunStatus = {
  run: "careful-7b2f",
  state: "running",
  phase: "training",
  pid: 1,
  host: "h",
  updatedAt: "",
  step: 412,
  steps: 1200,
  tokens: 0,
  branch: 0,
  seq: 1,
  tokensPerSecond: 3120,
  secondsLeft: 252,
  evaluation: { done: 6, planned: 15 },
};
const labels = (more: Partial<RunStatus>): readonly string[] => actionsOf({ ...status, ...more }).map((button) => button.label);

describe("the header", () => {
  it("says state, steps, speed and time left while a run lives", () => {
    expect(headerParts(status).join(" · ")).toBe(
      "careful-7b2f · running · step 412 of 1,200 · 3,120 tokens/s · 4 min 12 s left · evaluation 6 of 15",
    );
  });
  it("says the phase when it is not training, and no speed when it ended", () => {
    expect(headerParts({ ...status, phase: "baseline", steps: 0 })[1]).toBe("running (baseline)");
    expect(headerParts({ ...status, state: "finished" }).join(" ")).not.toMatch(/tokens\/s|left/);
  });
  it("offers only what the state allows", () => {
    expect(labels({})).toEqual(["Stop", "Open Log", "Open Folder", "Open Report"]);
    expect(labels({ state: "stopping" })).not.toContain("Stop");
    expect(labels({ state: "paused" })).toContain("Resume");
    expect(labels({ state: "lost" })).toContain("Resume");
    expect(labels({ state: "finished", stopReason: { family: "user", rule: "user-stop", text: "" } })).toContain("Resume");
    expect(labels({ state: "finished", stopReason: { family: "harm", rule: "r", text: "" } })).toEqual([
      "Open Log",
      "Open Folder",
      "Open Report",
    ]);
    expect(labels({ evaluation: { done: 0, planned: 15 } })).not.toContain("Open Report");
  });
});

describe("the stop reason", () => {
  it("names the family and the rule's own words", () => {
    expect(
      stopSentence({
        ...status,
        state: "finished",
        stopReason: { family: "harm", rule: "r", text: "General stayed beyond its tolerance" },
      }),
    ).toBe("Stopped for harm: general stayed beyond its tolerance.");
    expect(
      stopSentence({ ...status, state: "finished", stopReason: { family: "failure", rule: "r", text: "ENOSPC while writing." } }),
    ).toBe("Failed: ENOSPC while writing.");
  });
  it("says what ends a run that has not ended", () => {
    expect(stopSentence(status)).toMatch(/^Not stopped:/);
    expect(stopSentence({ ...status, state: "preparing" })).toBe("Training has not begun.");
    expect(stopSentence({ ...status, state: "lost" })).toMatch(/Resume/);
  });
  it("takes the first sentence of a headline apart from the rest", () => {
    expect(headlineParts("Domain improved by 0.083 bits/byte; nothing else moved. Selected step 640. It costs half")).toEqual([
      "Domain improved by 0.083 bits/byte; nothing else moved.",
      "Selected step 640. It costs half.",
    ]);
    expect(headlineParts("Preparing: reading a.b files")).toEqual(["Preparing: reading a.b files.", ""]);
  });
  it("ends sentences once", () => {
    expect([sentence("a"), sentence("a. "), sentence("a?")]).toEqual(["a.", "a.", "a?"]);
  });
});

describe("completions", () => {
  it("say how far they follow the file", () => {
    expect(agreement("Queue {", "Queue<T> {")).toEqual({ same: "Queue", rest: "<T> {", words: "first 5 of 7 characters as in the file" });
    expect(agreement("Queue {", "Queue { more").words).toBe("as in the file");
    expect(agreement("Queue {", "Error").words).toBe("differs from the first character");
    expect(agreement("", "x").words).toBe("differs from the first character");
  });
});
