/** Which tokens overlap which spans: the one place where r(u) is counted (research: fertility in context). */
import type { Encoding } from "../tokenizer";

/**
 * Fractional credit is counted in whole units, so that sums are exact and the same in whatever order files are added: this
 * many units are one token. Divisible by every number up to 16; a token that covers more terms is rounded.
 */
export const creditUnit = 720_720;

/** Columns, one row a span. */
export interface SpanTokens {
  /** First token that overlaps, and one past the last. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Σ 1/m over the tokens that overlap, m = number of spans that the token covers a part of; in units of 1/{@link creditUnit}. */
  readonly credit: Float64Array;
}

/** Columns, one row a span, in UTF-16 units. */
export interface Spans {
  readonly length: number;
  readonly starts: { readonly items: Int32Array };
  readonly ends: { readonly items: Int32Array };
}

/**
 * Tokens of each span. Spans are in order and do not overlap one another; offsets are in order of their start.
 * A token with an empty span overlaps nothing.
 */
export function tokensOfSpans({ ids, offsets }: Encoding, { length, starts, ends }: Spans): SpanTokens {
  const from = new Int32Array(length);
  const to = new Int32Array(length);
  const credit = new Float64Array(length);
  const covered = new Int32Array(ids.length);
  for (let span = 0, first = 0; span < length; span++) {
    const start = starts.items[span]!;
    const end = ends.items[span]!;
    while (first < ids.length && offsets[2 * first + 1]! <= start) first++;
    from[span] = first;
    let token = first;
    for (; token < ids.length && offsets[2 * token]! < end; token++) covered[token]!++;
    to[span] = token;
  }
  for (let span = 0; span < length; span++) {
    let units = 0;
    for (let token = from[span]!; token < to[span]!; token++) {
      const sharing = covered[token]!;
      units += sharing === 1 ? creditUnit : Math.round(creditUnit / sharing);
    }
    credit[span] = units;
  }
  return { from, to, credit };
}
