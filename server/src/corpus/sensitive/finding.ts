import { isUnmistakable } from "./secret-judgement";

/** Where a value lies; offsets in UTF-16 units. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** A secret or a personal datum in a text. */
export interface Finding extends Stretch {
  readonly rule: string;
  readonly family: "secret" | "personal";
  /** Its value may be redacted wherever else it stands in the repository. */
  readonly everywhere: boolean;
}

export function secret(rule: string, start: number, end: number, value: string, sure = false): Finding {
  return { start, end, rule, family: "secret", everywhere: sure ? value.length <= 400 && !/\s/.test(value) : isUnmistakable(value) };
}

export function personal(rule: string, stretch: Stretch | undefined): Finding | undefined {
  return stretch && { ...stretch, rule, family: "personal", everywhere: false };
}
