import { createScanner, type JSONScanner } from "jsonc-parser";
import { KeyCollector, lineOf, type ConfigKeys } from "./key-collector";

/** Values of jsonc-parser's SyntaxKind and ScanError, which are constant enums of its declarations. */
const kinds = { openBrace: 1, closeBrace: 2, openBracket: 3, closeBracket: 4, comma: 5, colon: 6, text: 10, end: 17 } as const;
const scanErrors = { none: 0, invalidEscape: 5 } as const;

/** An open object or array: the key that stands before the present value, and what may come next. */
interface Level {
  readonly isObject: boolean;
  key: string | undefined;
  expects: "item" | "colon" | "value" | "comma";
}

const bareKey = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;

/** Keys of JSON, JSON with comments and JSON5 (bare keys, trailing commas). */
export function jsonKeys(text: string): ConfigKeys {
  return new JsonReader(text).read();
}

class JsonReader {
  private readonly keys = new KeyCollector();
  private readonly scanner: JSONScanner;
  /** A level is an object on the heap, so depth costs no calls. */
  private readonly levels: Level[] = [];
  private values = 0;

  constructor(private readonly text: string) {
    this.scanner = createScanner(text, true);
  }

  read(): ConfigKeys {
    for (let kind: number = this.scanner.scan(); kind !== kinds.end; kind = this.scanner.scan()) {
      const error: number = this.scanner.getTokenError();
      if (error !== scanErrors.none && error !== scanErrors.invalidEscape) this.fail("a text or comment that does not end");
      this.token(kind);
    }
    const open = this.levels.at(-1);
    if (open !== undefined) this.fail(`it ends inside ${open.isObject ? "an object" : "a list"}`);
    else if (this.values === 0 && this.text.trim() !== "") this.fail("no value");
    return this.keys.result();
  }

  private token(kind: number): void {
    const level = this.levels.at(-1);
    if (kind === kinds.openBrace || kind === kinds.openBracket) {
      this.startValue(level);
      this.levels.push({ isObject: kind === kinds.openBrace, key: undefined, expects: "item" });
    } else if (kind === kinds.closeBrace || kind === kinds.closeBracket) {
      if (level?.isObject !== (kind === kinds.closeBrace)) this.fail("a bracket that closes nothing");
      else this.levels.pop();
    } else if (kind === kinds.colon) this.expectedIn(level, "colon", "value", "a colon without a key");
    else if (kind === kinds.comma) this.expectedIn(level, "comma", "item", "a comma without a value");
    else if (level?.isObject === true && level.expects === "item") this.key(level, kind === kinds.text);
    else this.startValue(level);
  }

  private key(level: Level, quoted: boolean): void {
    const offset = this.scanner.getTokenOffset();
    const margin = quoted || this.text[offset] === "'" ? 1 : 0;
    const start = offset + margin;
    const key = this.text.slice(start, start + this.scanner.getTokenLength() - 2 * margin);
    if (margin === 1 || bareKey.test(key))
      this.keys.add(
        key,
        start,
        this.levels.slice(-25).flatMap((outer) => (outer.key === undefined ? [] : [outer.key])),
      );
    else this.fail("a key that is none");
    level.key = key;
    level.expects = "colon";
  }

  private startValue(level: Level | undefined): void {
    this.values++;
    if (level === undefined) return;
    if (level.expects === "colon") this.fail("a key without a colon");
    else if (level.expects === "comma") this.fail("a comma is missing");
    level.expects = "comma";
  }

  private expectedIn(level: Level | undefined, expected: Level["expects"], next: Level["expects"], problem: string): void {
    if (level?.expects !== expected) this.fail(problem);
    if (level === undefined) return;
    level.expects = next;
    if (next === "item") level.key = undefined;
  }

  private fail(what: string): void {
    this.keys.fail(() => `line ${lineOf(this.text, this.scanner.getTokenOffset())}: ${what}`);
  }
}
