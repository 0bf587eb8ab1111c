/** A row being filled: which pieces, and how many positions are left. */
export interface Bin {
  readonly pieces: number[];
  room: number;
}

/** Bins this full are closed at the end of a window: what would still fit is not worth the loss of nearness. */
const fullShare = 0.97;
/** At most this many unfinished bins are carried into the next window. */
const carried = 16;

/**
 * Windowed best-fit (Ding et al. 2404.10830 for best-fit; the window keeps neighbours of the path order together, research/corpus §5.1).
 * Each window of pieces is placed longest first into the fullest bin that has room; unfinished bins go on into the next window.
 * @param lengths piece lengths in path order, each from 1 to `capacity`
 * @returns bins in order of their first piece; the pieces of a bin ascend
 */
export function windowedBestFit(lengths: readonly number[], capacity: number, window: number): readonly Bin[] {
  const closed: Bin[] = [];
  let open: Bin[] = [];
  for (let start = 0; start < lengths.length; start += window) {
    const end = Math.min(start + window, lengths.length);
    const order = Array.from({ length: end - start }, (_, i) => start + i).sort((a, b) => lengths[b]! - lengths[a]! || a - b);
    for (const piece of order) place(open, piece, lengths[piece]!, capacity);
    // The emptiest bins profit most from another window.
    open.sort((a, b) => b.room - a.room || a.pieces[0]! - b.pieces[0]!);
    const keep = open.filter((bin) => bin.room > capacity * (1 - fullShare)).slice(0, carried);
    const kept = new Set(keep);
    for (const bin of open) if (!kept.has(bin)) closed.push(bin);
    open = keep;
  }
  const bins = [...closed, ...open];
  for (const bin of bins) bin.pieces.sort((a, b) => a - b);
  return bins.sort((a, b) => a.pieces[0]! - b.pieces[0]!);
}

function place(bins: Bin[], piece: number, length: number, capacity: number): void {
  let best: Bin | undefined;
  for (const bin of bins) if (bin.room >= length && (best === undefined || bin.room < best.room)) best = bin;
  if (best === undefined) {
    bins.push({ pieces: [piece], room: capacity - length });
    return;
  }
  best.pieces.push(piece);
  best.room -= length;
}
