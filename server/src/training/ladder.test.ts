import { describe, expect, it } from "vitest";
import { seededRandom, type Random } from "../platform/random";
import { climbLadder, ladderLimits, median, startOfLadder, type LadderAction, type LadderState } from "./ladder";

/** Honest steps: a slowly falling loss with noise, now and then a heavy gradient. */
const honest = (random: Random, step: number): { loss: number; gradNorm: number } => ({
  loss: 3 - step / 400 + 0.25 * (random.float() - 0.5),
  gradNorm: 0.6 + 0.3 * random.float() + (random.int(20) === 0 ? 0.5 : 0),
});

function climb(
  state: LadderState,
  step: number,
  { loss, gradNorm }: { loss: number; gradNorm: number },
): { state: LadderState; action: LadderAction } {
  const limits = ladderLimits(state);
  const refused =
    !Number.isFinite(loss) || !Number.isFinite(gradNorm) || loss > (limits.loss ?? Infinity) || gradNorm > (limits.gradNorm ?? Infinity);
  return climbLadder(state, { step, loss, gradNorm, stepped: !refused });
}

function settled(): LadderState {
  const random = seededRandom("settled");
  let state = startOfLadder;
  for (let step = 0; step < 40; step++) state = climb(state, step, honest(random, step)).state;
  return state;
}

const spike = { loss: 9, gradNorm: 0.7 };

describe("median", () => {
  it("is the middle, or the mean of the two middles", () => {
    expect([median([3]), median([1, 9, 2]), median([4, 1, 3, 2])]).toEqual([3, 2, 2.5]);
  });
});

describe("the ladder", () => {
  it.each(Array.from({ length: 20 }, (_, i) => i))("skips no honest step of a long run (seed %i)", (seed) => {
    const random = seededRandom("honest", seed);
    let state = startOfLadder;
    for (let step = 0; step < 400; step++) {
      const climbed = climb(state, step, honest(random, step));
      expect(climbed.action.action).toBe("none");
      state = climbed.state;
    }
    expect(state.losses.length).toBe(64);
  });

  it("calls nothing an anomaly before it has seen enough", () => {
    expect(ladderLimits(startOfLadder)).toEqual({});
    expect(climb(startOfLadder, 0, { loss: 50, gradNorm: 50 }).action.action).toBe("none");
  });

  it("skips a spike of loss or gradient, and the spike leaves no trace", () => {
    const state = settled();
    for (const [values, rule] of [
      [spike, "loss-spike"],
      [{ loss: 3, gradNorm: 8 }, "gradient-spike"],
    ] as const) {
      const climbed = climb(state, 40, values);
      expect(climbed.action).toMatchObject({ action: "skip", rule });
      expect(ladderLimits(climbed.state)).toEqual(ladderLimits(state));
    }
  });

  it("rolls back at the third skip in fifty steps, not when they are far apart", () => {
    let state = settled();
    const actions = [40, 60, 89].map((step) => {
      const climbed = climb(state, step, spike);
      state = climbed.state;
      return climbed.action;
    });
    expect(actions.map(({ action }) => action)).toEqual(["skip", "skip", "rollback"]);
    expect(actions[2]).toMatchObject({ halveLearningRate: false, raiseReplay: false });
    let apart = settled();
    for (const step of [40, 80, 120, 160, 200]) {
      const climbed = climb(apart, step, spike);
      expect(climbed.action.action).toBe("skip");
      apart = climbed.state;
    }
  });

  it("rolls back at once when something is not a number, then gentler, then stops and explains", () => {
    let state = settled();
    const actions = [40, 45, 50].map((step) => {
      const climbed = climb(state, step, { loss: NaN, gradNorm: 1 });
      state = climbed.state;
      return climbed.action;
    });
    expect(actions).toMatchObject([
      { action: "rollback", rule: "not-a-number", halveLearningRate: false, raiseReplay: false },
      { action: "rollback", rule: "not-a-number", halveLearningRate: true, raiseReplay: true },
      { action: "stop", rule: "not-a-number", stopReason: { family: "failure", rule: "not-a-number" } },
    ]);
    expect(climb(startOfLadder, 0, { loss: 1, gradNorm: Infinity }).action.action).toBe("rollback");
  });

  it("is a plain record: saved and read back, it goes on the same", () => {
    const state = climb(settled(), 40, spike).state;
    const read = JSON.parse(JSON.stringify(state)) as LadderState;
    expect(read).toEqual(state);
    expect(climb(read, 41, spike)).toEqual(climb(state, 41, spike));
  });
});
