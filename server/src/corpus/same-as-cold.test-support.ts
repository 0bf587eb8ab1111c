import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { OnProgress } from "@midtrain/protocol/progress";
import { sha256 } from "../platform/hash";
import { harvest } from "./harvest";
import { temporaryDirectory } from "./test-repository";

export function everyFile(directory: string): string[] {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Name and hash of every file of a corpus, but for the wall clock in its manifest. */
export function corpusBytes(directory: string): Record<string, string> {
  return Object.fromEntries(
    everyFile(directory).map((file) => {
      const name = file.slice(directory.length);
      const isManifest = name === "/manifest.json";
      return [name, isManifest ? readFileSync(file, "utf8").replace(/"seconds": [\d.]+/, "") : sha256(readFileSync(file))];
    }),
  );
}

/** @param now the clock of the harvest, milliseconds since 1970 @param onProgress of the harvest that is not cold */
export async function sameAsCold(directory: string, out: string, seed: number, now = Date.now(), onProgress?: OnProgress): Promise<void> {
  const warm = await harvest({ directory, out, seed, now, onProgress });
  const cold = await harvest({ directory, out: temporaryDirectory(), seed, now });
  expect(warm.result.corpus).toBe(cold.result.corpus);
  expect(corpusBytes(warm.result.directory)).toEqual(corpusBytes(cold.result.directory));
}
