/** Thrown for whatever a plain reader had better look at: the caller reads the file with JSON.parse then. */
export class UnusualJson extends Error {}

const code = {
  quote: 0x22,
  comma: 0x2c,
  colon: 0x3a,
  backslash: 0x5c,
  space: 0x20,
  open: 0x7b,
  close: 0x7d,
  first: 0x5b,
  last: 0x5d,
} as const;

/** Reads JSON as bytes, for the two long lists of a tokenizer.json. Every method throws UnusualJson at what it does not expect. */
export class JsonBytes {
  at: number;
  /** The string read last: bytes[from, to) of `source`, without escapes. */
  source: Uint8Array;
  from = 0;
  to = 0;
  private scratch = new Uint8Array(1024);

  constructor(
    private readonly bytes: Uint8Array,
    start: number,
  ) {
    this.at = start;
    this.source = bytes;
  }

  /** Bytes that are not read yet. */
  get left(): number {
    return this.bytes.length - this.at;
  }

  /** The next byte that is no white space. */
  peek(): number {
    const { bytes } = this;
    for (;;) {
      const byte = bytes[this.at] ?? 0;
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
      this.at++;
    }
  }

  expect(byte: number): void {
    if (this.peek() !== byte) throw new UnusualJson();
    this.at++;
  }

  /** Visits the members of an object or list; `visit` reads the value. */
  members(open: number, close: number, visit: () => void): void {
    this.expect(open);
    if (this.peek() === close) this.at++;
    else {
      for (;;) {
        visit();
        if (this.peek() === close) break;
        this.expect(code.comma);
      }
      this.at++;
    }
  }

  object(visit: () => void): void {
    this.members(code.open, code.close, () => {
      this.string();
      this.expect(code.colon);
      visit();
    });
  }

  list(visit: () => void): void {
    this.members(code.first, code.last, visit);
  }

  string(): void {
    const { bytes } = this;
    this.expect(code.quote);
    let at = this.at;
    for (let byte = bytes[at]; byte !== code.quote; byte = bytes[++at]) {
      if (byte === code.backslash) return this.escapedString();
      if (byte === undefined || byte < 0x20) throw new UnusualJson();
    }
    this.source = bytes;
    this.from = this.at;
    this.to = at;
    this.at = at + 1;
  }

  /** A whole number from 0 of at most eight digits. */
  integer(): number {
    this.peek();
    const start = this.at;
    let value = 0;
    for (let digit = this.digit(); digit >= 0; digit = this.digit()) {
      value = 10 * value + digit;
      this.at++;
    }
    const digits = this.at - start;
    if (digits === 0 || digits > 8 || (digits > 1 && this.bytes[start] === 0x30)) throw new UnusualJson();
    return value;
  }

  /** Skips any value; its syntax is not checked. */
  skip(): void {
    const { bytes } = this;
    this.peek();
    for (let depth = 0; ;) {
      const byte = bytes[this.at];
      if (byte === undefined) throw new UnusualJson();
      if (byte === code.quote) this.skipString();
      else if (byte === code.open || byte === code.first) {
        depth++;
        this.at++;
      } else if (byte === code.close || byte === code.last) {
        if (depth === 0) return;
        depth--;
        this.at++;
      } else if (depth === 0 && byte === code.comma) return;
      else this.at++;
      if (depth === 0 && (byte === code.quote || byte === code.close || byte === code.last)) return;
    }
  }

  private digit(): number {
    const digit = (this.bytes[this.at] ?? 0) - 0x30;
    return digit >= 0 && digit <= 9 ? digit : -1;
  }

  private skipString(): void {
    const { bytes } = this;
    let at = this.at + 1;
    for (; bytes[at] !== code.quote; at++) {
      if (bytes[at] === code.backslash) at++;
      if (at >= bytes.length) throw new UnusualJson();
    }
    this.at = at + 1;
  }

  private escapedString(): void {
    const { bytes } = this;
    let end = this.at;
    for (; bytes[end] !== code.quote; end++) {
      if (bytes[end] === code.backslash) end++;
      if (end >= bytes.length) throw new UnusualJson();
    }
    const text = readString(Buffer.from(bytes.buffer, bytes.byteOffset + this.at - 1, end - this.at + 2).toString("utf8"));
    const decoded = Buffer.from(text, "utf8");
    if (this.scratch.length < decoded.length) this.scratch = new Uint8Array(2 * decoded.length);
    this.scratch.set(decoded);
    this.source = this.scratch;
    this.from = 0;
    this.to = decoded.length;
    this.at = end + 1;
  }
}

const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

function readString(literal: string): string {
  let text: unknown;
  try {
    text = JSON.parse(literal);
  } catch {
    throw new UnusualJson();
  }
  if (typeof text !== "string" || loneSurrogate.test(text)) throw new UnusualJson();
  return text;
}
