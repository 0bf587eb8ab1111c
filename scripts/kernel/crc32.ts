import { setWeight, weight } from "./words";

/** Slices of the table of CRC-32 (RFC 1952, 8), 256 numbers each. */
const slices: u32 = 16;

export function prepareCrc(table: usize): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? (value >> 1) ^ 0xedb88320 : value >> 1;
    setWeight(table, byte, value);
  }
  for (let at: u32 = 256; at < slices << 8; at++) {
    const value = weight(table, at - 256);
    setWeight(table, at, (value >> 8) ^ weight(table, value & 255));
  }
}

function sliced(table: usize, slice: u32, four: u32): u32 {
  return (
    weight(table, ((slice + 3) << 8) | (four & 255)) ^
    weight(table, ((slice + 2) << 8) | ((four >> 8) & 255)) ^
    weight(table, ((slice + 1) << 8) | ((four >> 16) & 255)) ^
    weight(table, (slice << 8) | (four >> 24))
  );
}

/** CRC-32 of the bytes, 16 at a time. */
export function crc32(text: usize, length: usize, table: usize): u32 {
  let crc: u32 = 0xffffffff;
  let at = text;
  for (const end = text + (length & ~15); at < end; at += 16) {
    crc =
      sliced(table, 12, load<u32>(at) ^ crc) ^
      sliced(table, 8, load<u32>(at, 4)) ^
      sliced(table, 4, load<u32>(at, 8)) ^
      sliced(table, 0, load<u32>(at, 12));
  }
  for (const end = text + length; at < end; at++) crc = (crc >> 8) ^ weight(table, (crc ^ (<u32>load<u8>(at))) & 255);
  return ~crc;
}
