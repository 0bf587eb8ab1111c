import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { harvest } from "../server/src/corpus/index";
import { peakMemory, printFigures } from "./figures";

/**
 * MB per second of a cold and of a repeated harvest, and its peak memory. Rates count the bytes seen; those of files that are
 * rejected by their size or name cost nothing, so the bytes kept stand beside them.
 * Arguments: a directory; `--copy` harvests a copy of it, which is a directory without git.
 */
async function main(): Promise<void> {
  const [source, mode] = process.argv.slice(2);
  if (source === undefined) throw new Error("Name a directory.");
  const place = mkdtempSync(join(tmpdir(), "midtrain-bench-"));
  try {
    const directory = mode === "--copy" ? join(place, "copy") : source;
    if (mode === "--copy") cpSync(source, directory, { recursive: true });
    const rate = async (): Promise<{ megabytes: number; kept: number; documents: number; seconds: number }> => {
      const started = performance.now();
      const { result } = await harvest({ directory, out: join(place, "out"), seed: 1 });
      return {
        megabytes: result.bytes.seen / 1e6,
        kept: result.bytes.kept / 1e6,
        documents: result.documents,
        seconds: (performance.now() - started) / 1000,
      };
    };
    const cold = await rate();
    const peak = peakMemory();
    const again = await rate();
    printFigures([
      { figure: "seen", value: cold.megabytes, unit: "MB" },
      { figure: "kept", value: cold.kept, unit: "MB" },
      { figure: "documents kept", value: cold.documents, unit: "" },
      { figure: "cold harvest", value: cold.megabytes / cold.seconds, unit: "MB/s" },
      { figure: "repeated harvest", value: again.megabytes / again.seconds, unit: "MB/s" },
      { figure: "peak memory of the cold one", value: peak, unit: "MB" },
    ]);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

void main();
