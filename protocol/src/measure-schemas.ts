/** Schemas of figures and verdicts, which every record of a run is made of. Loose, like those of the records (run-schemas). */
import * as z from "zod/mini";
import { bucketNames } from "./measures";

export const count = z.number().check(z.int(), z.minimum(0));
export const bucket = z.enum(bucketNames);
export const verdict = z.enum(["GREEN", "AMBER", "RED", "UNINFORMATIVE"]);
export const perBucket = z.looseObject({ domain: z.number(), general: z.number(), behaviour: z.number(), safety: z.number() });

const suiteFields = {
  metric: z.string(),
  unit: z.string(),
  better: z.enum(["lower", "higher"]),
  n: z.number(),
  suite: z.string(),
  base: z.number(),
  last: z.number(),
  selected: z.number(),
  delta: z.number(),
  low: z.number(),
  high: z.number(),
  tolerance: z.number(),
  verdict,
  visible: z.number(),
};
const suiteFigures = z.looseObject(suiteFields);
const bucketFigures = z.looseObject({ ...suiteFields, suites: z.array(suiteFigures) });
export const bucketsSchema = z.looseObject({
  domain: bucketFigures,
  general: bucketFigures,
  behaviour: bucketFigures,
  safety: bucketFigures,
});

export const stopReason = z.looseObject({
  family: z.enum(["planned-end", "no-more-worth", "harm", "user", "failure"]),
  rule: z.string(),
  text: z.string(),
});
export const selected = z.looseObject({ step: count, checkpoint: z.string(), why: z.string() });
