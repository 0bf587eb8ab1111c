import { KeyCollector, lineOf, type ConfigKeys } from "./key-collector";

const blank = /(?:[ \t\r\n]|#[^\n]*)*/y;
const spaces = /[ \t]*/y;
const keyPart = /"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'|([\p{L}\p{N}_-]+)/uy;
const scalar = /"""[\s\S]*?"""+|'''[\s\S]*?'''+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s,\]}#"'[{=][^,\]}#\n]*/y;

/** Keys of TOML: tables, lists of tables, dotted keys, inline tables. A line that cannot be read costs only itself. */
export function tomlKeys(text: string): ConfigKeys {
  return new TomlReader(text).read();
}

class TomlReader {
  private readonly keys = new KeyCollector();
  private at = 0;
  private table: readonly string[] = [];

  constructor(private readonly text: string) {}

  read(): ConfigKeys {
    for (;;) {
      this.skip(blank);
      if (this.at >= this.text.length) return this.keys.result();
      const start = this.at;
      const problem = this.text[this.at] === "[" ? this.header() : this.pair(this.table);
      const rest = problem ?? this.endOfLine();
      if (rest === undefined) continue;
      this.keys.fail(() => `line ${lineOf(this.text, start)}: ${rest}`);
      const next = this.text.indexOf("\n", Math.max(start, this.at));
      this.at = next < 0 ? this.text.length : next + 1;
    }
  }

  private header(): string | undefined {
    const close = this.text.startsWith("[[", this.at) ? "]]" : "]";
    this.at += close.length;
    const path = this.key([]);
    if (path === undefined) return "a table without a name";
    this.table = path;
    if (!this.text.startsWith(close, this.at)) return "a table whose name does not end";
    this.at += close.length;
    return undefined;
  }

  private pair(path: readonly string[]): string | undefined {
    const key = this.key(path);
    if (key === undefined) return "no key";
    if (this.text[this.at] !== "=") return "a key without a value";
    this.at++;
    return this.value(key);
  }

  /** Adds the parts of a dotted key and returns the whole path. */
  private key(path: readonly string[]): readonly string[] | undefined {
    let whole = path;
    for (;;) {
      this.skip(spaces);
      keyPart.lastIndex = this.at;
      const match = keyPart.exec(this.text);
      if (match === null) return undefined;
      const quoted = match[3] === undefined;
      const term = match[1] ?? match[2] ?? match[3]!;
      this.keys.add(term, this.at + (quoted ? 1 : 0), whole);
      whole = [...whole, term];
      this.at = keyPart.lastIndex;
      this.skip(spaces);
      if (this.text[this.at] !== ".") return whole;
      this.at++;
    }
  }

  /** A value; lists and inline tables on a stack of their own, so that depth costs no calls. */
  private value(path: readonly string[]): string | undefined {
    const open: { readonly close: string; readonly path: readonly string[] }[] = [];
    let current = path;
    do {
      this.skip(open.length === 0 ? spaces : blank);
      const char = this.text[this.at];
      const inside = open.at(-1);
      if (inside !== undefined && char === inside.close) {
        this.at++;
        open.pop();
        current = inside.path;
      } else if (inside !== undefined && char === ",") this.at++;
      else if (inside?.close === "}" && inside.path === current) {
        const key = this.key(inside.path);
        if (key === undefined || this.text[this.at] !== "=") return "an inline table that cannot be read";
        this.at++;
        current = key;
        continue;
      } else if (char === "[" || char === "{") {
        this.at++;
        open.push({ close: char === "[" ? "]" : "}", path: current });
        continue;
      } else {
        scalar.lastIndex = this.at;
        if (!scalar.test(this.text)) return this.at >= this.text.length ? "it ends inside a value" : "a value that cannot be read";
        this.at = scalar.lastIndex;
      }
      if (open.length > 0 && open.at(-1)!.close === "}") current = open.at(-1)!.path;
    } while (open.length > 0);
    return undefined;
  }

  private endOfLine(): string | undefined {
    this.skip(spaces);
    const char = this.text[this.at];
    return char === undefined || char === "\n" || char === "\r" || char === "#" ? undefined : "something behind the value";
  }

  private skip(pattern: RegExp): void {
    pattern.lastIndex = this.at;
    pattern.test(this.text);
    this.at = Math.max(this.at, pattern.lastIndex);
  }
}
