import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { PackingDocument } from "./packing-types";

export const baseReplayFile = "replay.jsonl.gz";

/**
 * Text that the base generated itself, which ships beside it: replay without a licence question and of the right distribution by
 * construction (Marek 2605.26097). One JSON object `{id, text}` per line; a text carries its own header where the base wrote one.
 * @returns undefined when the model has no such file
 */
export async function baseReplayDocuments(modelDirectory: string): Promise<readonly PackingDocument[] | undefined> {
  const file = join(modelDirectory, baseReplayFile);
  if (!existsSync(file)) return undefined;
  const lines = (await unpack(file)).split("\n").filter((line) => line !== "");
  return lines.map((line, index) => {
    const record = parseRecord(line, `${file}:${index + 1}`);
    return { id: record.id, path: `replay/${record.id}`, language: "text", text: record.text, rendered: true };
  });
}

function corrupt(where: string, message: string, cause?: unknown): MidtrainError {
  return new MidtrainError({
    reason: "corrupt",
    message,
    where,
    next: "Install Midtrain or the model anew, or delete the file to train without it.",
    cause,
  });
}

async function unpack(file: string): Promise<string> {
  const packed = await readFile(file);
  try {
    return (await promisify(gunzip)(packed)).toString("utf8");
  } catch (error) {
    throw corrupt(file, "The replay text of the model is truncated or not gzip.", error);
  }
}

function parseRecord(line: string, where: string): { id: string; text: string } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw corrupt(where, "A line of the model's replay text is not JSON.", error);
  }
  const record = value as { id?: unknown; text?: unknown } | null;
  if (typeof record !== "object" || record === null || typeof record.id !== "string" || typeof record.text !== "string") {
    throw corrupt(where, "A line of the model's replay text lacks `id` or `text`.");
  }
  return { id: record.id, text: record.text };
}
