import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { MidtrainError } from "@midtrain/protocol/errors";
import { fromBfloat16, fromFloat16, toFloat16 } from "./half-floats";

/** Element formats that this reader knows, with their size in bytes. */
const elementBytes = { F32: 4, F16: 2, BF16: 2 } as const;
type TensorFormat = keyof typeof elementBytes;

interface TensorEntry {
  readonly format: string;
  readonly shape: readonly number[];
  /** Bytes from the start of the file. */
  readonly start: number;
  readonly end: number;
}

/** A tensor to write; `values` may be a view of a larger array. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The format allows headers up to this size. */
const largestHeader = 100_000_000;
const chunkElements = 1 << 20;

/**
 * One safetensors file, checked when opened: header inside the file, every tensor inside the data, sizes that fit shapes
 * (https://github.com/huggingface/safetensors#format).
 */
export class SafetensorsFile {
  private constructor(
    readonly file: string,
    private readonly descriptor: number,
    private readonly entries: ReadonlyMap<string, TensorEntry>,
  ) {}

  /** @throws MidtrainError corrupt, naming the file */
  static open(file: string): SafetensorsFile {
    let descriptor: number;
    try {
      descriptor = openSync(file, "r");
    } catch (cause) {
      throw corruptFile(file, "The weights file cannot be opened", cause);
    }
    try {
      return new SafetensorsFile(file, descriptor, readEntries(file, descriptor));
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  get names(): readonly string[] {
    return [...this.entries.keys()];
  }

  /** Of all tensors, from the header alone. */
  get elements(): number {
    let total = 0;
    for (const { shape } of this.entries.values()) total += shape.reduce((product, size) => product * size, 1);
    return total;
  }

  /** Of a tensor that the file has. */
  shapeOf(name: string): readonly number[] {
    return this.entries.get(name)?.shape ?? [];
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  /**
   * Reads a tensor into `target` as float32, whatever its stored format.
   * @throws MidtrainError corrupt where the tensor is missing or has another shape, unsupported for other formats
   */
  read(name: string, shape: readonly number[], target: Float32Array): void {
    const entry = this.entries.get(name);
    if (entry === undefined) throw corruptFile(this.file, `The tensor ${name} is missing`);
    if (entry.shape.join() !== shape.join()) {
      throw corruptFile(this.file, `The tensor ${name} has shape [${entry.shape.join(", ")}], config.json asks for [${shape.join(", ")}]`);
    }
    if (!isKnownFormat(entry.format)) {
      throw new MidtrainError({
        reason: "unsupported",
        message: `The tensor ${name} is stored as ${entry.format}; F32, F16 and BF16 can be read.`,
        where: this.file,
        next: "Give a model in one of these formats.",
      });
    }
    if (entry.format === "F32") {
      readFully(this.file, this.descriptor, new Uint8Array(target.buffer, target.byteOffset, target.byteLength), entry.start);
    } else {
      this.readHalf(entry.start, target, entry.format === "F16" ? fromFloat16 : fromBfloat16);
    }
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private readHalf(start: number, target: Float32Array, convert: (bits: number) => number): void {
    const chunk = new Uint16Array(Math.min(chunkElements, target.length));
    for (let done = 0; done < target.length; done += chunk.length) {
      const count = Math.min(chunk.length, target.length - done);
      readFully(this.file, this.descriptor, new Uint8Array(chunk.buffer, 0, count * 2), start + done * 2);
      for (let index = 0; index < count; index++) target[done + index] = convert(chunk[index]!);
    }
  }
}

/** The parts of a safetensors file, in order: header, then data. Float32 data are views, not copies. */
export function safetensorsParts(
  tensors: readonly NamedTensor[],
  format: "F32" | "F16",
  metadata: Readonly<Record<string, string>>,
): Uint8Array[] {
  let offset = 0;
  const header: Record<string, unknown> = { __metadata__: { format: "pt", ...metadata } };
  for (const { name, shape, values } of tensors) {
    const end = offset + values.length * elementBytes[format];
    header[name] = { dtype: format, shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = Buffer.from(JSON.stringify(header), "utf8");
  const padded = Buffer.alloc(8 + Math.ceil(json.length / 8) * 8, " ");
  padded.writeBigUInt64LE(BigInt(padded.length - 8), 0);
  json.copy(padded, 8);
  return [padded, ...tensors.map(({ values }) => encode(values, format))];
}

function encode(values: Float32Array, format: "F32" | "F16"): Uint8Array {
  if (format === "F32") return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return new Uint8Array(Uint16Array.from(values, toFloat16).buffer);
}

function readEntries(file: string, descriptor: number): Map<string, TensorEntry> {
  const fileSize = fstatSync(descriptor).size;
  const prefix = new Uint8Array(8);
  if (fileSize < 8) throw corruptFile(file, "The weights file is shorter than its header");
  readFully(file, descriptor, prefix, 0);
  const headerSize = Number(new DataView(prefix.buffer).getBigUint64(0, true));
  if (headerSize > largestHeader || 8 + headerSize > fileSize)
    throw corruptFile(file, "The header of the weights file is longer than the file");
  const bytes = new Uint8Array(headerSize);
  readFully(file, descriptor, bytes, 8);
  const entries = new Map<string, TensorEntry>();
  for (const [name, value] of Object.entries(parseHeader(file, bytes))) {
    if (name !== "__metadata__") entries.set(name, entryOf(file, name, value, 8 + headerSize, fileSize));
  }
  return entries;
}

function parseHeader(file: string, bytes: Uint8Array): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (header !== null && typeof header === "object" && !Array.isArray(header)) return header as Record<string, unknown>;
  } catch (cause) {
    throw corruptFile(file, "The header of the weights file is not valid JSON", cause);
  }
  throw corruptFile(file, "The header of the weights file is not a JSON object");
}

function entryOf(file: string, name: string, value: unknown, dataStart: number, fileSize: number): TensorEntry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
  if (typeof dtype !== "string" || !isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
    throw corruptFile(file, `The header entry of the tensor ${name} is malformed`);
  }
  const [start, end] = [dataStart + offsets[0]!, dataStart + offsets[1]!];
  if (start > end || end > fileSize) {
    throw corruptFile(file, `The file ends before the tensor ${name} does (${fileSize} of ${end} bytes): it is truncated`);
  }
  const elements = shape.reduce((product, size) => product * size, 1);
  if (isKnownFormat(dtype) && end - start !== elements * elementBytes[dtype]) {
    throw corruptFile(file, `The tensor ${name} has ${end - start} bytes, which does not fit its shape [${shape.join(", ")}]`);
  }
  return { format: dtype, shape, start, end };
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && (size as number) >= 0);
}

function isKnownFormat(format: string): format is TensorFormat {
  return Object.hasOwn(elementBytes, format);
}

function readFully(file: string, descriptor: number, target: Uint8Array, position: number): void {
  for (let done = 0; done < target.length;) {
    const read = readSync(descriptor, target, done, Math.min(target.length - done, 1 << 30), position + done);
    if (read === 0) throw corruptFile(file, "The file ended early: it is truncated");
    done += read;
  }
}

export function corruptFile(file: string, message: string, cause?: unknown): MidtrainError {
  return new MidtrainError({
    reason: "corrupt",
    message: `${message}.`,
    where: file,
    next: "Restore the file from its source or use an earlier checkpoint.",
    cause,
  });
}
