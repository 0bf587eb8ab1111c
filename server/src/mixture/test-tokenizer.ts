import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { byteLevelFromJson, trainByteLevelBpe, type Tokenizer } from "../tokenizer";

const here = join(__dirname, "..", "..", "..");

/** Real text of this repository: the protocol's sources and whatever lies beside them. */
export function repositoryTexts(
  directories: readonly string[] = ["protocol/src", "server/src/platform", "server/src/config"],
): { path: string; text: string }[] {
  return directories.flatMap((directory) =>
    readdirSync(join(here, directory))
      .filter((name) => name.endsWith(".ts"))
      .map((name) => ({ path: `${directory}/${name}`, text: readFileSync(join(here, directory, name), "utf8") })),
  );
}

/** A real byte-level tokenizer of 1,000 tokens, trained on this repository's own text; `<|endoftext|>` is id 0. */
export function smallTokenizer(): Tokenizer {
  const json = trainByteLevelBpe(
    repositoryTexts().map(({ text }) => text),
    { vocabularySize: 1000, specialTokens: ["<|endoftext|>"] },
  );
  return byteLevelFromJson(json, { name: "small" });
}
