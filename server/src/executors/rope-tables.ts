/** Cosines and sines of rotary positions, [positions, headSize/2] each (Su et al., arXiv:2104.09864; half-split layout). */
export interface RopeTables {
  readonly positions: number;
  readonly cos: Float32Array;
  readonly sin: Float32Array;
}

export function ropeTables(positions: number, headSize: number, theta: number): RopeTables {
  const half = headSize / 2;
  const cos = new Float32Array(positions * half);
  const sin = new Float32Array(positions * half);
  for (let pair = 0; pair < half; pair++) {
    const frequency = theta ** (-pair / half);
    for (let position = 0; position < positions; position++) {
      cos[position * half + pair] = Math.cos(position * frequency);
      sin[position * half + pair] = Math.sin(position * frequency);
    }
  }
  return { positions, cos, sin };
}
