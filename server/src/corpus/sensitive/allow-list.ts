import { createHash } from "node:crypto";
import picomatch from "picomatch";
import type { Finding } from "./finding";

/** A person's say that findings are no secrets: every part that is given must match. */
export interface Allowance {
  readonly rule?: string | undefined;
  /** Glob over paths from the root of the repository. */
  readonly path?: string | undefined;
  /** `<16 hex digits of salt>:<16 hex digits of hash>`, as `allowanceHash` makes it. */
  readonly hash?: string | undefined;
}

/** What stands in a configuration instead of a value: `salt:hash`, the hash being the first 16 hex digits of SHA-256 over salt, NUL, value. */
export function allowanceHash(salt: string, value: string): string {
  return `${salt}:${createHash("sha256").update(`${salt}\0${value}`).digest("hex").slice(0, 16)}`;
}

/** Whether a finding with this value, at this path, was allowed. An allowance that names nothing allows nothing. */
export function makeAllowList(allow: readonly Allowance[]): (path: string, finding: Pick<Finding, "rule">, value: string) => boolean {
  const rules = allow
    .filter(({ rule, path, hash }) => rule !== undefined || path !== undefined || hash !== undefined)
    .map(({ rule, path, hash }) => ({
      rule,
      hash,
      isPath: path === undefined ? undefined : picomatch(path, { dot: true, nonegate: true }),
    }));
  if (rules.length === 0) return () => false;
  return (path, finding, value) =>
    rules.some(
      ({ rule, hash, isPath }) =>
        (rule === undefined || rule === finding.rule) &&
        (isPath === undefined || isPath(path)) &&
        (hash === undefined || allowanceHash(hash.slice(0, hash.indexOf(":")), value) === hash),
    );
}
