import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { MidtrainError } from "@midtrain/protocol/errors";

/** Rank data of one OpenAI encoding, as the `tiktoken` package ships it (encoders/NAME.json). */
export interface TiktokenEncoding {
  readonly pat_str: string;
  readonly special_tokens: Readonly<Record<string, number>>;
  /** Lines of "! FIRST_RANK BASE64 BASE64 …". */
  readonly bpe_ranks: string;
}

/** Where rank data may lie: beside the bundle (the build copies it there), else in the package of a development tree. */
function encoderDirectories(): string[] {
  const directories = [join(__dirname, "encoders")];
  for (let current = __dirname; ; current = dirname(current)) {
    directories.push(join(current, "node_modules", "tiktoken", "encoders"));
    if (dirname(current) === current) return directories.filter((directory) => existsSync(directory));
  }
}

/** @throws MidtrainError (input) naming the encodings that are there. */
export function loadTiktokenEncoding(name: string): TiktokenEncoding {
  return JSON.parse(readFileSync(tiktokenFile(name), "utf8")) as TiktokenEncoding;
}

/** File of an encoding. @throws MidtrainError (input) naming the encodings that are there. */
export function tiktokenFile(name: string): string {
  const directories = encoderDirectories();
  const file = /^[a-z0-9_]+$/.test(name)
    ? directories.map((directory) => join(directory, `${name}.json`)).find((path) => existsSync(path))
    : undefined;
  if (file !== undefined) return file;
  const known = new Set(
    directories.flatMap((directory) => readdirSync(directory)).flatMap((entry) => /^(\w+)\.json$/.exec(entry)?.[1] ?? []),
  );
  throw new MidtrainError({
    reason: "input",
    message: `There is no tiktoken encoding "${name}" in this installation.`,
    where: "--tokenizer",
    next: `Use one of: ${
      [...known]
        .sort()
        .map((encoding) => `tiktoken:${encoding}`)
        .join(", ") || "(none installed)"
    }.`,
  });
}

/** The tokens with their ranks, which are their ids. */
export function* tiktokenRanks(encoding: TiktokenEncoding): Generator<readonly [bytes: Uint8Array, rank: number]> {
  for (const line of encoding.bpe_ranks.split("\n")) {
    const [, first, ...tokens] = line.split(" ");
    for (const [index, token] of tokens.entries()) yield [Buffer.from(token, "base64"), Number(first) + index];
  }
}
