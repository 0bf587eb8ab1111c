import { readFileSync } from "node:fs";
import { sha256 } from "../../platform/hash";
import { redactionsOf, type CleanDocument } from "../clean-stage";

/** The lines of redactions.jsonl, and what they tell together. */
export interface RedactionLines {
  readonly lines: Buffer;
  /** Rules of all lines, in order. */
  readonly rules: readonly string[];
  /** Documents with a line. */
  readonly files: number;
}

/** Lines of one document in the file of an earlier corpus. */
interface Lines {
  readonly start: number;
  end: number;
  readonly rules: string[];
}

const quote = 34;

/** Lines of an earlier file by path. A quotation mark inside a path is escaped, so what follows the first bare one is no part of it. */
function linesByPath(data: Buffer): Map<string, Lines> {
  const found = new Map<string, Lines>();
  const opening = Buffer.from('{"path":"').length;
  const afterPath = Buffer.from('","line":');
  const beforeRule = Buffer.from(',"rule":"');
  let last: Lines | undefined;
  let lastPath: Buffer = Buffer.alloc(0);
  for (let at = 0; at < data.length;) {
    const pathEnd = data.indexOf(afterPath, at + opening);
    const ruleStart = data.indexOf(beforeRule, pathEnd) + beforeRule.length;
    const rule = data.toString("latin1", ruleStart, data.indexOf(quote, ruleStart));
    const end = data.indexOf(10, ruleStart) + 1;
    const path = data.subarray(at + opening, pathEnd);
    if (last !== undefined && path.equals(lastPath)) {
      last.end = end;
      last.rules.push(rule);
    } else {
      last = { start: at, end, rules: [rule] };
      lastPath = path;
      found.set(JSON.parse(data.toString("utf8", at + opening - 1, pathEnd + 1)) as string, last);
    }
    at = end;
  }
  return found;
}

function earlierLines(file: string, hash: string): { readonly data: Buffer; readonly byPath: ReadonlyMap<string, Lines> } | undefined {
  try {
    const data = readFileSync(file);
    return sha256(data) === hash ? { data, byPath: linesByPath(data) } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Redactions of the survivors, in path order. Those of a document that was a survivor before, with the same outcome, stand in the earlier file and are
 * taken from there: tens of thousands of spans need not be read for one edit.
 */
export function redactionLines(
  survivors: readonly CleanDocument[],
  earlier: { readonly file: string; readonly hash: string } | undefined,
): RedactionLines {
  const before = earlier === undefined ? undefined : earlierLines(earlier.file, earlier.hash);
  const parts: Uint8Array[] = [];
  const rules: string[] = [];
  let files = 0;
  for (const document of survivors) {
    if (document.redactedBytes === 0) continue;
    const known = document.before?.side === undefined ? undefined : before?.byPath.get(document.path);
    if (known !== undefined) {
      parts.push(before!.data.subarray(known.start, known.end));
      for (const rule of known.rules) rules.push(rule);
      files++;
      continue;
    }
    const records = redactionsOf(document);
    if (records.length === 0) continue;
    files++;
    for (const record of records) {
      parts.push(Buffer.from(`${JSON.stringify(record)}\n`));
      rules.push(record.rule);
    }
  }
  return { lines: Buffer.concat(parts), rules, files };
}
