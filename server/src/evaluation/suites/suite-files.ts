import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { ChoiceItem, TextItem } from "./suite-types";

/** The folder `media/` of the repository or of the installed extension: the nearest one upwards that holds suites. */
function findMediaDirectory(): string {
  for (let directory = __dirname; ; directory = dirname(directory)) {
    const media = join(directory, "media");
    if (existsSync(join(media, "suites"))) return media;
    if (dirname(directory) === directory) {
      throw new MidtrainError({
        reason: "environment",
        message: "The evaluation suites are missing from this installation.",
        where: join(__dirname, "..", "media", "suites"),
        next: "Install Midtrain again.",
      });
    }
  }
}

function isText(value: Record<string, unknown>, ...keys: readonly string[]): boolean {
  return keys.every((key) => typeof value[key] === "string");
}

function isItem(value: unknown): value is TextItem | ChoiceItem {
  if (typeof value !== "object" || value === null) return false;
  const item = value as Record<string, unknown>;
  if (!isText(item, "id", "cluster", "context")) return false;
  if (item["kind"] === "text") return isText(item, "text") && item["text"] !== "";
  const wrong = item["wrong"];
  return (
    item["kind"] === "choice" &&
    isText(item, "right") &&
    Array.isArray(wrong) &&
    wrong.length > 0 &&
    wrong.every((answer) => typeof answer === "string" && answer !== item["right"])
  );
}

function parseLine(line: string, where: string): TextItem | ChoiceItem {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new MidtrainError({
      reason: "corrupt",
      message: "A suite item is not valid JSON.",
      where,
      next: "Install Midtrain again.",
      cause,
    });
  }
  if (isItem(value)) return value;
  throw new MidtrainError({ reason: "corrupt", message: "A suite item has an unknown shape.", where, next: "Install Midtrain again." });
}

/** Reads `media/suites/<name>.jsonl`, one item a line, all of one kind. */
export function readSuiteFile<K extends "text" | "choice">(
  name: string,
  kind: K,
  mediaDirectory?: string,
): readonly Extract<TextItem | ChoiceItem, { kind: K }>[] {
  const file = join(mediaDirectory ?? findMediaDirectory(), "suites", `${name}.jsonl`);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new MidtrainError({
      reason: "environment",
      message: "A suite file cannot be read.",
      where: file,
      next: "Install Midtrain again.",
      cause,
    });
  }
  return text
    .split("\n")
    .map((line, i) => ({ line, where: `${file}:${i + 1}` }))
    .filter(({ line }) => line.trim() !== "")
    .map(({ line, where }) => {
      const item = parseLine(line, where);
      if (item.kind === kind) return item as Extract<TextItem | ChoiceItem, { kind: K }>;
      throw new MidtrainError({
        reason: "corrupt",
        message: `A suite item is of kind ${item.kind}, not ${kind}.`,
        where,
        next: "Install Midtrain again.",
      });
    });
}
