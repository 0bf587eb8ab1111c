/** Which tokens overlap which spans: the one place where r(u) is counted (research: fertility in context). */
import type { Encoding } from "../tokenizer";

export interface SpanTokens {
  /** First token that overlaps, and one past the last. */
  readonly from: number;
  readonly to: number;
  /** Σ 1/m over the tokens that overlap, m = number of spans that the token covers a part of. */
  readonly credit: number;
}

/**
 * Tokens of each span. Spans are in order and do not overlap one another; offsets are in order of their start.
 * A token with an empty span overlaps nothing.
 */
export function tokensOfSpans(
  { ids, offsets }: Encoding,
  spans: readonly { readonly start: number; readonly end: number }[],
): readonly SpanTokens[] {
  const ranges: { from: number; to: number }[] = [];
  const covered = new Int32Array(ids.length);
  let first = 0;
  for (const { start, end } of spans) {
    while (first < ids.length && offsets[2 * first + 1]! <= start) first++;
    let to = first;
    while (to < ids.length && offsets[2 * to]! < end) {
      covered[to]!++;
      to++;
    }
    ranges.push({ from: first, to });
  }
  return ranges.map(({ from, to }) => {
    let credit = 0;
    for (let token = from; token < to; token++) credit += 1 / covered[token]!;
    return { from, to, credit };
  });
}
