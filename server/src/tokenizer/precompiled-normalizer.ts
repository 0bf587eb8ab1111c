import { MidtrainError } from "@midtrain/protocol/errors";
import type { AlignedText } from "./aligned-text";
import { graphemeClusters } from "./grapheme-clusters";

const utf8 = new TextEncoder();

/** Clusters of as many bytes and more are replaced character by character only. */
const longestCluster = 6;

/**
 * SentencePiece's own normalizer: a character map as a double array over UTF-8 with its replacements behind it. As the
 * reference applies it: a short grapheme cluster becomes what its shortest mapped beginning stands for.
 * @param charsmap base64. @throws MidtrainError (corrupt)
 */
export function precompiledNormalizer(charsmap: string): (text: AlignedText) => AlignedText {
  const map = new CharacterMap(Buffer.from(charsmap, "base64"));
  return (text) => {
    const points: number[] = [];
    const changes: number[] = [];
    let modified = false;
    const put = (part: string): boolean => {
      const form = map.replacement(part);
      if (form === undefined) return false;
      modified = true;
      const length = Array.from(part).length;
      const parts = Array.from(form, (char) => char.codePointAt(0)!);
      for (const [index, point] of parts.entries()) {
        points.push(point);
        changes.push(index >= length ? 1 : 0);
      }
      // What is gone counts with the character before it, whatever that came from.
      if (parts.length < length && changes.length > 0) changes[changes.length - 1]! += parts.length - length;
      return true;
    };
    const keep = (char: string): void => {
      points.push(char.codePointAt(0)!);
      changes.push(0);
    };
    // A line break is a cluster of its own, so that lines can be taken one by one; in plain ASCII every character is one.
    for (const line of text.text.split(/(?<=\n)/)) {
      if (/^[\0-\x7f]*$/.test(line) && !line.endsWith("\r\n")) {
        for (const char of line) if (!put(char)) keep(char);
        continue;
      }
      for (const [from, to] of graphemeClusters(line)) {
        const cluster = line.slice(from, to);
        if (utf8.encode(cluster).length < longestCluster && put(cluster)) continue;
        for (const char of cluster) if (!put(char)) keep(char);
      }
    }
    return modified ? text.transform(points, changes) : text;
  };
}

/** Characters and clusters whose form is remembered. */
const mostKnown = 1 << 14;

class CharacterMap {
  private readonly units: Uint32Array;
  private readonly forms: Buffer;
  private readonly known = new Map<string, string | undefined>();

  constructor(blob: Buffer) {
    const size = blob.length < 4 ? -1 : blob.readUInt32LE(0);
    if (size < 4 || 4 + size > blob.length || size % 4 !== 0) throw corruptMap();
    this.units = Uint32Array.from({ length: size / 4 }, (_, index) => blob.readUInt32LE(4 + 4 * index));
    this.forms = blob.subarray(4 + size);
  }

  /** What the shortest mapped beginning of a text stands for. */
  replacement(text: string): string | undefined {
    if (this.known.has(text)) return this.known.get(text);
    const form = this.search(text);
    if (this.known.size < mostKnown) this.known.set(text, form);
    return form;
  }

  private search(text: string): string | undefined {
    let at = offsetOf(this.unit(0));
    for (const byte of utf8.encode(text)) {
      if (byte === 0) return undefined;
      at ^= byte;
      const unit = this.unit(at);
      if ((unit & 0x800000ff) !== byte) return undefined;
      at ^= offsetOf(unit);
      if ((unit & 0x100) !== 0) return this.form(this.unit(at) & 0x7fffffff);
    }
    return undefined;
  }

  private unit(at: number): number {
    const unit = this.units[at];
    if (unit === undefined) throw corruptMap();
    return unit;
  }

  private form(start: number): string {
    const end = this.forms.indexOf(0, start);
    return this.forms.toString("utf8", start, end < 0 ? this.forms.length : end);
  }
}

function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6);
}

function corruptMap(): MidtrainError {
  return new MidtrainError({
    reason: "corrupt",
    message: "The normalizer Precompiled has a character map that ends too early.",
    where: "tokenizer.json, normalizer",
    next: "Take the file from the model's own repository again.",
  });
}
