/** Words of 32 bits by their number, from a place on. */
export function weight(words: usize, at: u32): u32 {
  return load<u32>(words + ((<usize>at) << 2));
}

export function setWeight(words: usize, at: u32, value: u32): void {
  store<u32>(words + ((<usize>at) << 2), value);
}
