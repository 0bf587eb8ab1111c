import picomatch from "picomatch";

/**
 * Whether a term is on the user's list (`fragmentation.ignore`): an exact name, or a glob over the whole name
 * (`*_pb2`, `Legacy*`); in a path `*` stops at slashes and `**` does not.
 */
export function termIgnore(list: readonly string[]): (term: string) => boolean {
  if (list.length === 0) return () => false;
  const exact = new Set(list);
  const globs = list.filter((entry) => /[*?[\]{}()!]/.test(entry)).map((glob) => picomatch(glob, { dot: true }));
  return (term) => exact.has(term) || globs.some((matches) => matches(term));
}
