import { between } from "./bytes";

/** Characters of machine-made values in a stretch of 64 bytes: letters, digits and `_ + - /`. */
function partBits16(at: usize): u64 {
  const bytes = v128.load(at);
  const letters = between(v128.or(bytes, i8x16.splat(0x20)), 0x61, 25);
  const digits = between(bytes, 0x30, 9);
  const signs = v128.or(
    v128.or(i8x16.eq(bytes, i8x16.splat(0x5f)), i8x16.eq(bytes, i8x16.splat(0x2b))),
    v128.or(i8x16.eq(bytes, i8x16.splat(0x2d)), i8x16.eq(bytes, i8x16.splat(0x2f))),
  );
  return <u64>i8x16.bitmask(v128.or(v128.or(letters, digits), signs));
}

/** Digits, or letters of both cases that change often: what a random value has and most names have not. */
function mayBeRandom(from: usize, to: usize): bool {
  let digits: u32 = 0;
  let changes: u32 = 0;
  let signs: u32 = 0;
  let last: u32 = 0;
  for (let at = from; at < to; at++) {
    const byte = <u32>load<u8>(at);
    const kind: u32 = byte >= 97 ? 1 : byte >= 65 && byte <= 90 ? 2 : byte >= 48 && byte <= 57 ? 3 : 0;
    digits += <u32>(kind == 3);
    signs += <u32>(kind == 0);
    changes += <u32>(kind != last);
    last = kind;
  }
  return (digits >= 2 && changes >= 5) || changes >= 9 || (digits >= 1 && changes >= 3 && (signs == 0 || to - from >= 26));
}

const shortestRun: u64 = 18;

/**
 * Maximal runs of at least 18 such characters that may be random values: pairs of 32 bits (start, end), relative to the text. Returns how
 * many. What lies behind the text is zero.
 */
export function findRuns(text: usize, length: usize, out: usize): u32 {
  let to = out;
  let run: u64 = 0;
  for (let at: usize = 0; at <= length; at += 64) {
    const bits =
      partBits16(text + at) | (partBits16(text + at + 16) << 16) | (partBits16(text + at + 32) << 32) | (partBits16(text + at + 48) << 48);
    if (bits == <u64>-1) {
      run += 64;
      continue;
    }
    const lead = ctz<u64>(~bits);
    if (run + lead >= shortestRun) to = putRun(text, at - <usize>run, at + <usize>lead, to);
    run = clz<u64>(~bits);
    // What neither begins with the stretch nor ends with it.
    let inner = (bits >> lead) << lead;
    if (run > 0) inner = (inner << run) >> run;
    // A bit for each place that 18 follow one another from.
    let starts = inner & (inner >> 1);
    starts &= starts >> 2;
    starts &= starts >> 4;
    starts &= starts >> 8;
    starts &= starts >> 2;
    while (starts != 0) {
      const start = ctz<u64>(starts);
      const end = start + ctz<u64>(~(inner >> start));
      to = putRun(text, at + <usize>start, at + <usize>end, to);
      starts &= (<u64>-1) << end;
    }
  }
  return <u32>((to - out) >> 3);
}

function putRun(text: usize, start: usize, end: usize, to: usize): usize {
  if (!mayBeRandom(text + start, text + end)) return to;
  store<u32>(to, <u32>start);
  store<u32>(to, <u32>end, 4);
  return to + 8;
}
