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

const base64Digit = new Int8Array(256).fill(-1);
Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/").forEach(
  (char, digit) => (base64Digit[char.charCodeAt(0)] = digit),
);

/**
 * Visits the tokens with their ranks, which are their ids: bytes[0, length), good until the next one.
 * @throws MidtrainError (corrupt) for what is no such list.
 */
export function eachTiktokenRank(
  { bpe_ranks: text }: TiktokenEncoding,
  visit: (bytes: Uint8Array, length: number, rank: number) => void,
): void {
  const lines = Buffer.from(text, "latin1");
  let token = new Uint8Array(1024);
  for (let at = 0; at < lines.length;) {
    const end = lines.indexOf(0x0a, at) < 0 ? lines.length : lines.indexOf(0x0a, at);
    const found = /^! (\d{1,8}) /.exec(lines.toString("latin1", at, Math.min(end, at + 16)));
    if (!found) throw corruptRanks();
    if (token.length < end - at) token = new Uint8Array(end - at);
    at += found[0].length;
    for (let rank = Number(found[1]); at < end; rank++) {
      let length = 0;
      let bits = 0;
      let value = 0;
      for (; at < end && lines[at] !== 0x20; at++) {
        const byte = lines[at]!;
        const digit = base64Digit[byte]!;
        if (digit < 0 && byte !== 0x3d) throw corruptRanks();
        if (digit < 0) continue;
        value = ((value << 6) | digit) & 0xffff;
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        token[length++] = value >> bits;
      }
      at++;
      if (length > 0) visit(token, length, rank);
    }
    at = end + 1;
  }
}

function corruptRanks(): MidtrainError {
  return new MidtrainError({
    reason: "corrupt",
    message: "The ranks of this encoding cannot be read.",
    where: "--tokenizer",
    next: "Install Midtrain again.",
  });
}
