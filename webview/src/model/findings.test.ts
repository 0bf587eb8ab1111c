import { describe, expect, it } from "vitest";
import type { RunView } from "@midtrain/protocol/run-view";
import { fixture, type FixtureName } from "../../dev/fixtures";
import {
  anomalyWords,
  falseAlarmSentence,
  gradNormFinding,
  learningRateFinding,
  lossFinding,
  paretoFinding,
  rate,
  timelineFinding,
} from "./findings";

function run(name: FixtureName): RunView {
  const data = fixture(name);
  if (data.view !== "run") throw new Error(`${name} is not a run`);
  return data.run;
}

describe("chart titles are findings", () => {
  it("name what each bucket did at the newest gate", () => {
    expect(timelineFinding(run("finished"))).toMatch(
      /^Domain is better by 0\.\d{3} bits\/byte; general, behaviour and safety within tolerance, at step 1,092\.$/,
    );
    expect(timelineFinding(run("running"))).toMatch(/; safety unsure; general and behaviour within tolerance, at step 336\.$/);
  });
  it("say when the first gate comes", () => {
    expect(timelineFinding({ ...run("running"), evaluations: [] })).toBe("No gate has been evaluated yet; the first is at step 15.");
    expect(timelineFinding(run("empty"))).toBe("No gate has been evaluated yet.");
  });
  it("compare the selected checkpoint with the last", () => {
    expect(paretoFinding(run("finished"))).toMatch(
      /^Step 660 gains 0\.\d{3} bits\/byte in domain and loses 0\.\d{3} in general; the last, step 1,092, gains 0\.\d{3} bits\/byte in domain and loses 0\.\d{3} in general\.$/,
    );
    expect(paretoFinding(run("harm"))).toBe("No checkpoint is worth its cost: the base stays selected.");
    expect(paretoFinding(run("running"))).toMatch(/^So far step 336 gains/);
    expect(paretoFinding(run("empty"))).toBe("No checkpoint has been judged yet.");
  });
  it("say where losses went, by source", () => {
    expect(lossFinding(run("finished"))).toMatch(
      /^Loss on repository fell from 3\.\d\d to 2\.\d\d and on base's own text fell from 2\.\d\d to 2\.\d\d nats\/token\.$/,
    );
    expect(lossFinding(run("empty"))).toBe("No training step has been recorded yet.");
  });
  it("name the peak of the gradient norm and the clip", () => {
    expect(gradNormFinding(run("finished"))).toMatch(/^Gradient norm stayed below its clip of 1: largest 0\.\d+ at step \d+\.$/);
    expect(gradNormFinding(run("running"))).toMatch(
      /^Gradient norm was clipped at 1 in \d+ of 206 steps shown: largest 1\d\.\d at step 311\.$/,
    );
    expect(anomalyWords(run("running"))).toContain("vendor/data/tables.py");
  });
  it("count the changes of policy at the learning rate", () => {
    expect(learningRateFinding(run("harm"))).toBe(
      "Learning rate peaked at 0.00012 and is 0.00003 at step 444; the controller changed the policy 2 times.",
    );
  });
  it("spell small rates", () => {
    expect([rate(0), rate(0.00012), rate(0.0000611), rate(0.00000611)]).toEqual(["0", "0.00012", "0.0000611", "6.11e−6"]);
  });
  it("show the false-alarm budget and what is spent", () => {
    expect(falseAlarmSentence(run("running"))).toBe("Total false-alarm budget: 5.0 %, spent 1.4 %.");
  });
});
