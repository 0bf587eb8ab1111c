/** All bits of each byte that lies in [from, from + span]. */
export function between(bytes: v128, from: u8, span: u8): v128 {
  return i8x16.le_u(i8x16.sub(bytes, i8x16.splat(<i8>from)), i8x16.splat(<i8>span));
}
