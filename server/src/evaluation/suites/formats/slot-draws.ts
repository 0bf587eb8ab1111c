import type { Random } from "../../../platform/random";
import type { ArgumentSlot, FormatSlots, WordSlot } from "./format-types";

/** `count` different words of one slot. */
export function drawWords(slots: FormatSlots, slot: WordSlot, count: number, random: Random): string[] {
  return random.shuffle(slots.words[slot]).slice(0, count);
}

/** A number of at most two digits. */
export function drawCount(random: Random): number {
  return 2 + random.int(58);
}

/** A number whose sum with another one is easy: [2, 20). */
export function drawSmallCount(random: Random): number {
  return Math.max(2, Math.floor(drawCount(random) / 3));
}

/** Another number of the same kind, never equal. */
export function otherCount(value: number, random: Random): number {
  const shifted = value + 1 + random.int(9);
  return shifted < 60 ? shifted : value - 1 - random.int(9);
}

export function otherWord(slots: FormatSlots, slot: WordSlot, value: string, random: Random): string {
  return random.pick(slots.words[slot].filter((word) => word !== value));
}

export function drawArgument(slots: FormatSlots, slot: ArgumentSlot, random: Random): string | number {
  return slot === "count" ? drawCount(random) : random.pick(slots.words[slot]);
}

export function otherArgument(slots: FormatSlots, slot: ArgumentSlot, value: string | number, random: Random): string | number {
  if (slot === "count") return otherCount(Number(value), random);
  return otherWord(slots, slot, String(value), random);
}
