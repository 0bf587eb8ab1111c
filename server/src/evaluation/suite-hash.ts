import { hashOf } from "../platform/hash";
import type { Suite } from "./suites/suite-types";

/** Content hash of a suite, both parts: a suite edited in the middle of a run would make its comparisons meaningless. */
export function suiteHash(suite: Suite): string {
  return hashOf(suite);
}
