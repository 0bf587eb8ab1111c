import { MidtrainError } from "@midtrain/protocol/errors";
import type { SplitBehavior } from "./text-matches";
import type { ComponentJson } from "./tokenizer-json";

/** Components inside components deeper than this are nobody's tokenizer. */
const deepestSequence = 16;

/** A field of a component that is missing or of another kind than the format says. */
export function badField(component: ComponentJson, field: string): MidtrainError {
  return new MidtrainError({
    reason: "corrupt",
    message: `The component ${component.type} has no proper "${field}".`,
    where: "tokenizer.json",
    next: "Take the file from the model's own repository again.",
  });
}

export function textField(component: ComponentJson, field: string): string {
  const value = component[field];
  if (typeof value === "string") return value;
  throw badField(component, field);
}

export function booleanField(component: ComponentJson, field: string, fallback?: boolean): boolean {
  const value = component[field] ?? fallback;
  if (typeof value === "boolean") return value;
  throw badField(component, field);
}

export function countField(component: ComponentJson, field: string): number {
  const value = component[field];
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw badField(component, field);
}

/** One code point. */
export function charField(component: ComponentJson, field: string): string {
  const value = textField(component, field);
  if (Array.from(value).length === 1) return value;
  throw badField(component, field);
}

/** `{"String": …}` or `{"Regex": …}`; older files write the string alone. */
export function patternField(component: ComponentJson): { readonly text: string; readonly isRegex: boolean } {
  const value = component["pattern"] as { readonly Regex?: unknown; readonly String?: unknown } | null | undefined;
  if (typeof value?.Regex === "string") return { text: value.Regex, isRegex: true };
  if (typeof value?.String === "string") return { text: value.String, isRegex: false };
  throw badField(component, "pattern");
}

/** The components of a Sequence and of the Sequences in it, in order; none for null. @param members the field that lists them. */
export function flatComponents(component: ComponentJson | null | undefined, members: string, depth = 0): ComponentJson[] {
  if (component === null || component === undefined) return [];
  if (typeof component !== "object" || typeof component.type !== "string") throw badField({ type: `of ${members}` }, "type");
  if (component.type !== "Sequence") return [component];
  const parts = component[members];
  if (!Array.isArray(parts) || depth > deepestSequence) throw badField(component, members);
  return parts.flatMap((part: ComponentJson | null) => flatComponents(part, members, depth + 1));
}

const behaviors: readonly string[] = [
  "Removed",
  "Isolated",
  "Contiguous",
  "MergedWithPrevious",
  "MergedWithNext",
] satisfies SplitBehavior[];

/** The behavior of Split and Punctuation. @throws MidtrainError (corrupt) */
export function behaviorOf(stage: ComponentJson): SplitBehavior {
  const behavior = stage["behavior"];
  if (typeof behavior === "string" && behaviors.includes(behavior)) return behavior as SplitBehavior;
  throw badField(stage, "behavior");
}
