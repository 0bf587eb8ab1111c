import type { TermOccurrence } from "./extract-terms";

/** Keys in order. A malformed file still gives the keys that could be read. */
export interface ConfigKeys {
  readonly terms: readonly TermOccurrence[];
  readonly malformed?: string;
}

/** Longer paths are cut: a path of a thousand keys is an attack or a data structure. */
const longestPath = 24;

/** Collects keys; a dotted key counts part by part (`tool.ruff.lint` is three keys). */
export class KeyCollector {
  private readonly terms: TermOccurrence[] = [];
  private problem: string | undefined;

  add(term: string, start: number, path: readonly string[]): void {
    // Only a quoted key of YAML goes on over lines; it is a text, not a name.
    if (term === "" || term.includes("\n")) return;
    const keyPath = [...path.slice(0, longestPath), term].join(".").replaceAll("\n", " ");
    this.terms.push({ term, kind: "config-key", start, end: start + term.length, keyPath });
  }

  /** `a.b.c` under `path`; returns the parts. A key with other characters is one part. */
  addDotted(key: string, start: number, path: readonly string[]): readonly string[] {
    if (!/^[\w-]+(?:\.[\w-]+)+$/.test(key)) {
      this.add(key, start, path);
      return [key];
    }
    const parts = key.split(".");
    let at = start;
    parts.forEach((part, index) => {
      this.add(part, at, [...path, ...parts.slice(0, index)]);
      at += part.length + 1;
    });
    return parts;
  }

  /** The first problem is the one that people need. */
  fail(problem: string | (() => string)): void {
    this.problem ??= typeof problem === "string" ? problem : problem();
  }

  result(): ConfigKeys {
    return { terms: this.terms, ...(this.problem === undefined ? {} : { malformed: this.problem }) };
  }
}

export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}
