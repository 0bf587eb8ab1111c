import { alphabetToBytes } from "./byte-alphabet";
import { booleanField, charField, countField, flatComponents, patternField, textField } from "./component-fields";
import { literalMatcher, patternMatcher } from "./text-matches";
import { prependScheme } from "./text-pre-tokenizers";
import type { ComponentJson } from "./tokenizer-json";
import { unsupportedComponent } from "./unsupported";

type TokenDecoder = (tokens: readonly string[]) => string[];

const lossy = new TextDecoder("utf-8", { ignoreBOM: true });
const strict = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });

/**
 * Token texts to text, step by step as the reference's decoders; without a decoder the tokens stand side by side with a space.
 * @throws MidtrainError (unsupported) naming the first component that the engine does not have.
 */
export function buildDecoder(component: ComponentJson | null): (tokens: readonly string[]) => string {
  if (component === null) return (tokens) => tokens.join(" ");
  const steps = flatComponents(component, "decoders").map(buildStep);
  return (tokens) => steps.reduce<readonly string[]>((current, step) => step(current), tokens).join("");
}

function buildStep(step: ComponentJson): TokenDecoder {
  switch (step.type) {
    case "ByteLevel":
      return byteLevel;
    case "ByteFallback":
      return byteFallback;
    case "Fuse":
      return (tokens) => [tokens.join("")];
    case "Replace":
      return replace(step);
    case "Strip":
      return strip(charField(step, "content"), countField(step, "start"), countField(step, "stop"));
    case "Metaspace":
      return metaspace(charField(step, "replacement"), prependScheme(step) !== "never");
    case "WordPiece":
      return wordPiece(textField(step, "prefix"), booleanField(step, "cleanup"));
    case "BPEDecoder":
      return suffixed(textField(step, "suffix"));
    default:
      throw unsupportedComponent(`decoder ${step.type}`);
  }
}

/** A token with a character outside the byte alphabet stands for its own text. */
function byteLevel(tokens: readonly string[]): string[] {
  return [lossy.decode(Buffer.concat(tokens.map((token) => alphabetToBytes(token) ?? Buffer.from(token, "utf8"))))];
}

/** Runs of byte tokens as the text that they spell; a run that spells none is one U+FFFD a byte. */
function byteFallback(tokens: readonly string[]): string[] {
  const out: string[] = [];
  let bytes: number[] = [];
  const flush = (): void => {
    if (bytes.length === 0) return;
    try {
      out.push(strict.decode(Uint8Array.from(bytes)));
    } catch {
      out.push(...bytes.map(() => "\ufffd"));
    }
    bytes = [];
  };
  for (const token of tokens) {
    const byte = /^<0x(\+[0-9a-fA-F]|[0-9a-fA-F]{2})>$/.exec(token)?.[1];
    if (byte !== undefined) bytes.push(parseInt(byte, 16));
    else {
      flush();
      out.push(token);
    }
  }
  flush();
  return out;
}

function replace(step: ComponentJson): TokenDecoder {
  const { text, isRegex } = patternField(step);
  const content = textField(step, "content");
  const matcher = isRegex || text === "" ? patternMatcher(text, "oniguruma") : literalMatcher(text);
  return (tokens) =>
    tokens.map((token) =>
      token === ""
        ? ""
        : matcher(token)
            .map(({ from, to, hit }) => (hit ? content : token.slice(from, to)))
            .join(""),
    );
}

function strip(content: string, start: number, stop: number): TokenDecoder {
  return (tokens) =>
    tokens.map((token) => {
      const chars = Array.from(token);
      let from = 0;
      while (from < Math.min(start, chars.length) && chars[from] === content) from++;
      let to = chars.length;
      while (chars.length - to < stop && to > from && chars[to - 1] === content) to--;
      return chars.slice(from, to).join("");
    });
}

function metaspace(replacement: string, prepended: boolean): TokenDecoder {
  return (tokens) => tokens.map((token, index) => token.replaceAll(replacement, index === 0 && prepended ? "" : " "));
}

const cleanups = [
  [" .", "."],
  [" ?", "?"],
  [" !", "!"],
  [" ,", ","],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [" do not", " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
] as const;

function wordPiece(prefix: string, cleanup: boolean): TokenDecoder {
  return (tokens) =>
    tokens.map((token, index) => {
      const joined = index === 0 ? token : token.startsWith(prefix) ? token.slice(prefix.length) : ` ${token}`;
      return cleanup ? cleanups.reduce((text, [from, to]) => text.replaceAll(from, to), joined) : joined;
    });
}

function suffixed(suffix: string): TokenDecoder {
  return (tokens) => tokens.map((token, index) => token.replaceAll(suffix, index === tokens.length - 1 ? "" : " "));
}
