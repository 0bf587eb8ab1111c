/** The dial's numbers (shared/CONTRACTS §5): the one place in which they stand. */
import type { BucketName } from "./measures";
import type { Risk } from "./config";

export interface DialSettings {
  readonly learningRateShare: Readonly<Record<"weights" | "weights+optimizer", number>>;
  readonly warmupShare: number;
  readonly decayShare: number;
  readonly decayTo: number;
  readonly replayShare: number;
  readonly klWeight: number;
  readonly tolerance: { readonly general: number; readonly behaviour: number; readonly safety: number };
  readonly domainGain: number;
  readonly patience: number;
  readonly evaluationsEarly: number;
  readonly evaluationsLate: number;
  readonly weights: Readonly<Record<BucketName, number>>;
}

export const dial: Readonly<Record<Risk, DialSettings>> = {
  careful: {
    learningRateShare: { weights: 0.1, "weights+optimizer": 0.2 },
    warmupShare: 0.03,
    decayShare: 0.2,
    decayTo: 0.1,
    replayShare: 0.4,
    klWeight: 0.1,
    tolerance: { general: 0.03, behaviour: 1, safety: 0.05 },
    domainGain: 0.002,
    patience: 4,
    evaluationsEarly: 6,
    evaluationsLate: 14,
    weights: { domain: 1, general: 2, behaviour: 1, safety: 3 },
  },
  normal: {
    learningRateShare: { weights: 0.2, "weights+optimizer": 0.4 },
    warmupShare: 0.02,
    decayShare: 0.2,
    decayTo: 0.1,
    replayShare: 0.3,
    klWeight: 0,
    tolerance: { general: 0.05, behaviour: 2, safety: 0.08 },
    domainGain: 0.003,
    patience: 3,
    evaluationsEarly: 5,
    evaluationsLate: 10,
    weights: { domain: 1, general: 1, behaviour: 1, safety: 2 },
  },
  bold: {
    learningRateShare: { weights: 0.4, "weights+optimizer": 0.7 },
    warmupShare: 0.01,
    decayShare: 0.2,
    decayTo: 0.1,
    replayShare: 0.1,
    klWeight: 0,
    tolerance: { general: 0.1, behaviour: 4, safety: 0.1 },
    domainGain: 0.005,
    patience: 3,
    evaluationsEarly: 3,
    evaluationsLate: 7,
    weights: { domain: 2, general: 1, behaviour: 1, safety: 1 },
  },
};
