/** Bytes of a section, or numbers: typed arrays stand in the file as they lie in memory. */
export type Section = Uint8Array | Uint16Array | Uint32Array | Float64Array;

interface SectionsHead<Head> {
  readonly head: Head;
  /** Numbers lie in the order of this machine's bytes. */
  readonly order: "little" | "big";
  readonly lengths: readonly (readonly [name: string, bytes: number])[];
}

const order = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? "little" : "big";

/** A line of JSON, then the sections one after the other. */
export function encodeSections(head: unknown, sections: Readonly<Record<string, Section>>): Buffer[] {
  const lengths = Object.entries(sections).map(([name, section]) => [name, section.byteLength] as const);
  const line: SectionsHead<unknown> = { head, order, lengths };
  return [
    Buffer.from(`${JSON.stringify(line)}\n`),
    ...Object.values(sections).map((section) => Buffer.from(section.buffer, section.byteOffset, section.byteLength)),
  ];
}

/** What `encodeSections` was given. Numbers are copied to where they may lie; bytes stay where they are. */
export class Sections<Head> {
  readonly head: Head;
  readonly #parts = new Map<string, Buffer>();

  /** @throws when the body is not one of `encodeSections` on a machine with the same order of bytes. */
  constructor(body: Buffer) {
    const end = body.indexOf(10);
    const line = JSON.parse(body.toString("utf8", 0, end)) as SectionsHead<Head>;
    if (line.order !== order) throw new RangeError("Written by a machine with another order of bytes.");
    this.head = line.head;
    let at = end + 1;
    for (const [name, bytes] of line.lengths) {
      this.#parts.set(name, body.subarray(at, at + bytes));
      at += bytes;
    }
    if (at !== body.length) throw new RangeError("The sections are not as long as the body.");
  }

  bytes(name: string): Buffer {
    const part = this.#parts.get(name);
    if (part === undefined) throw new RangeError(`There is no section ${name}.`);
    return part;
  }

  shorts(name: string): Uint16Array {
    const part = this.bytes(name);
    const numbers = new Uint16Array(part.length / 2);
    new Uint8Array(numbers.buffer).set(part);
    return numbers;
  }

  numbers(name: string): Uint32Array {
    const part = this.bytes(name);
    const numbers = new Uint32Array(part.length / 4);
    new Uint8Array(numbers.buffer).set(part);
    return numbers;
  }

  doubles(name: string): Float64Array {
    const part = this.bytes(name);
    const numbers = new Float64Array(part.length / 8);
    new Uint8Array(numbers.buffer).set(part);
    return numbers;
  }

  /** Strings without NUL, as `joinStrings` joined them. */
  strings(name: string): string[] {
    const part = this.bytes(name);
    return part.length === 0 ? [] : part.toString("utf8", 0, part.length - 1).split("\0");
  }
}

/** Strings without NUL as one section: each ended by NUL. */
export function joinStrings(strings: readonly string[]): Buffer {
  return Buffer.from(strings.length === 0 ? "" : `${strings.join("\0")}\0`);
}
