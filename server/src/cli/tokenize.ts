import { readFileSync } from "node:fs";
import { isUtf8 } from "node:buffer";
import { Command } from "commander";
import { exitCodes, MidtrainError } from "@midtrain/protocol/errors";
import type { TokenizeResult } from "@midtrain/protocol/tokens";
import { bytes, count } from "@midtrain/protocol/words";
import { embeddedBaseDirectory } from "../config";
import { throwIfCancelled } from "../platform/cancellation";
import { loadTokenizer, type Tokenizer } from "../tokenizer";
import { action, withOptions, workplaceOf } from "./command";

interface TokenizeFlags {
  readonly offsets?: boolean;
  readonly filesFrom?: string;
}

export function tokenizeCommand(): Command {
  const command = new Command("tokenize")
    .description("Token ids of a file or of standard input, as the reference gives them without adding special tokens.")
    .argument("[file]", "file, or - for standard input", "-")
    .option("--offsets", "with [start, end) of each token in UTF-16 units")
    .option("--files-from <file>", "one path a line; one JSON line for each, in that order");
  return withOptions(command, "tokenizer", "model", "config").action(
    action<[string]>(async (invocation, file) => {
      const flags = command.opts<TokenizeFlags>();
      const { config } = workplaceOf(".", invocation.options);
      const tokenizer = await loadTokenizer(config.tokenizer ?? config.model ?? embeddedBaseDirectory());
      if (flags.filesFrom === undefined) {
        const text = readText(file);
        const result = tokenizeText(file, text, tokenizer, flags.offsets === true);
        invocation.document(result);
        invocation.print(humanText(result, text, tokenizer));
        return exitCodes.done;
      }
      return printLines(flags.filesFrom, tokenizer, flags.offsets === true, invocation.signal);
    }),
  );
}

/** Prints every line; the exit code says whether one of them is an error. */
function printLines(list: string, tokenizer: Tokenizer, offsets: boolean, signal: AbortSignal): number {
  const paths = readText(list)
    .split(/\r?\n/)
    .filter((line) => line !== "");
  let code: number = exitCodes.done;
  for (const path of paths) {
    throwIfCancelled(signal, "tokenizing");
    const line = lineOf(path, tokenizer, offsets);
    if ("error" in line) code = exitCodes.usage;
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
  return code;
}

/** One line a file: a file that cannot be read says so in its own line, and the others go on. */
function lineOf(path: string, tokenizer: Tokenizer, offsets: boolean): TokenizeResult | { readonly file: string; readonly error: string } {
  try {
    return tokenizeText(path, readText(path), tokenizer, offsets);
  } catch (error) {
    if (!MidtrainError.is(error, "input")) throw error;
    return { file: path, error: error.where === undefined ? error.message : `${error.where}: ${error.message}` };
  }
}

/** Text of a file, byte for byte: a byte order mark stays. @throws MidtrainError (input) */
function readText(file: string): string {
  let content: Buffer;
  try {
    content = readFileSync(file === "-" ? 0 : file);
  } catch (error) {
    throw new MidtrainError({
      reason: "input",
      message: `The ${file === "-" ? "text" : "file"} cannot be read: ${reasonOf(error)}.`,
      where: placeOf(file),
      next: "Name a readable file, or - for standard input.",
      cause: error,
    });
  }
  if (!isUtf8(content))
    throw new MidtrainError({
      reason: "input",
      message: `The ${file === "-" ? "text" : "file"} is not UTF-8.`,
      where: placeOf(file),
      next: "Convert it to UTF-8 first.",
    });
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(content);
}

function placeOf(file: string): string {
  return file === "-" ? "standard input" : file;
}

function reasonOf(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOENT":
    case "ENOTDIR":
      return "there is none";
    case "EISDIR":
      return "it is a directory";
    case "EACCES":
      return "this is not allowed";
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

function tokenizeText(file: string, text: string, tokenizer: Tokenizer, offsets: boolean): TokenizeResult {
  if (!offsets) return { file, ids: [...tokenizer.encode(text)] };
  const encoding = tokenizer.encodeWithOffsets(text);
  return {
    file,
    ids: [...encoding.ids],
    offsets: Array.from(encoding.ids, (_, token) => [encoding.offsets[2 * token]!, encoding.offsets[2 * token + 1]!] as const),
  };
}

function humanText(result: TokenizeResult, text: string, tokenizer: Tokenizer): string {
  const size = Buffer.byteLength(text);
  const { name, hash } = tokenizer.identity;
  const head = `${count(result.ids.length)} tokens · ${bytes(size)} · ${(size / Math.max(1, result.ids.length)).toFixed(2)} bytes/token · ${name} (${hash.slice(0, 4)}…)`;
  const lines = result.ids.map((id, token) => {
    const span = result.offsets?.[token];
    return `${String(id).padStart(8)}  ${span ? `${span[0]}-${span[1]}`.padEnd(12) : ""}${JSON.stringify(tokenizer.tokenText(id))}`;
  });
  return [head, ...lines].join("\n");
}
