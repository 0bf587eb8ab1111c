import { secret, type Finding } from "./finding";
import { privateKeyStart } from "./secret-rules";

/** No key block is longer; what has no end by then is not looked at further. */
const longestBlock = 65_536;
const closingLine = /-----END (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----/;

/** A PEM or PGP private key: from the opening line through its body to the closing one, or to where base64 ends. */
export function privateKeyAt(text: string, start: number): Finding | undefined {
  privateKeyStart.lastIndex = start;
  const opening = privateKeyStart.exec(text);
  if (opening === null) return undefined;
  const bodyStart = start + opening[0].length;
  const following = text.indexOf("-----", bodyStart);
  const window = text.slice(bodyStart, Math.min(bodyStart + longestBlock, following < 0 ? text.length : following + 64));
  const closing = closingLine.exec(window);
  const body = closing === null ? (/^[A-Za-z0-9+/=\s\\"',:;.()-]*/.exec(window)?.[0] ?? "") : window.slice(0, closing.index);
  const base64 =
    body
      .replace(/\\[nr]/g, "")
      .match(/[A-Za-z0-9+/=]{16,}/g)
      ?.join("") ?? "";
  if (base64.length < 64) return undefined;
  const end = closing === null ? bodyStart + body.trimEnd().length : bodyStart + closing.index + closing[0].length;
  return secret("private-key", start, end, text.slice(start, end));
}

/** The private part of a PuTTY key file. */
export function puttyKeyAt(text: string, start: number): Finding | undefined {
  const head = /^Private-Lines: (\d{1,3})\r?\n/.exec(text.slice(start, start + 32));
  if (head === null) return undefined;
  const from = start + head[0].length;
  const lines = text.slice(from, from + 20_000).split("\n", Number(head[1]));
  const body = lines.join("\n").trimEnd();
  return /^[A-Za-z0-9+/=\r\n]{16,}$/.test(body) ? secret("private-key", from, from + body.length, body) : undefined;
}

/** The private number `d` of a JSON web key. */
export function jwkPrivateAt(text: string, start: number): Finding | undefined {
  const match = /^"d"\s{0,8}:\s{0,8}"([A-Za-z0-9_-]{22,700})"/.exec(text.slice(start, start + 740));
  if (match === null || !text.slice(Math.max(0, start - 3000), start + 3000).includes('"kty"')) return undefined;
  const from = start + match[0].length - 1 - match[1]!.length;
  return secret("private-key", from, from + match[1]!.length, match[1]!);
}
