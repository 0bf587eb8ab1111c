import { recurringKeys } from "../headers/licence-header";
import type { SeenFile } from "../read-stage";
import type { TextFacts } from "../reading/file-work";
import type { FileRecord } from "./file-record";

/**
 * Do all files together certainly show what they showed at the earlier harvest? True when the same paths are texts, and what was looked at anew
 * has the findings and the recurring parts that it had. Most edits are such, and then nobody has to ask the other files. Pure.
 */
export function knowledgeStays(earlier: ReadonlyMap<string, FileRecord>, texts: readonly SeenFile<TextFacts>[]): boolean {
  const pairs: { readonly before: TextFacts; readonly now: TextFacts }[] = [];
  for (const { file, facts, record } of texts) {
    const before = earlier.get(file.path)?.facts;
    if (before?.kind !== "text") return false;
    if (record === undefined) pairs.push({ before, now: facts });
  }
  let count = 0;
  for (const { facts } of earlier.values()) if (facts.kind === "text") count++;
  if (count !== texts.length || !pairs.every(({ before, now }) => showsAlike(before, now))) return false;
  return areAlone(pairs, earlier, texts);
}

function showsAlike(before: TextFacts, now: TextFacts): boolean {
  const [keys, keysNow] = [recurringKeys(before.header), recurringKeys(now.header)];
  if (keys.length !== keysNow.length || keys.some((key, at) => key !== keysNow[at])) return false;
  if (before.findings.length !== now.findings.length) return false;
  return before.findings.every(({ key, rule, family, everywhere }, at) => {
    const other = now.findings[at]!;
    return key === other.key && rule === other.rule && family === other.family && everywhere === other.everywhere;
  });
}

/** Copies of one file count once, so none of these may be a copy, before or now. */
function areAlone(
  pairs: readonly { readonly before: TextFacts; readonly now: TextFacts }[],
  earlier: ReadonlyMap<string, FileRecord>,
  texts: readonly SeenFile<TextFacts>[],
): boolean {
  const [before, now] = [new Map(pairs.map((pair) => [pair.before.blob, 0])), new Map(pairs.map((pair) => [pair.now.blob, 0]))];
  const count = (counts: Map<string, number>, { blob }: TextFacts): void => {
    const known = counts.get(blob);
    if (known !== undefined) counts.set(blob, known + 1);
  };
  for (const { facts } of earlier.values()) if (facts.kind === "text") count(before, facts);
  for (const { facts } of texts) count(now, facts);
  return [...before.values(), ...now.values()].every((times) => times === 1);
}
