/** Characters of machine-made values: letters, digits and `_ - + /`. */
const isPart = new Uint8Array(256);
for (let code = 0; code < 128; code++) if (/[A-Za-z0-9_+/-]/.test(String.fromCharCode(code))) isPart[code] = 1;

/**
 * Calls `onRun(start, end)` for every maximal run of at least `shortest` such characters. Looks at every `shortest`-th byte only, and around
 * it when it is one of them, so most bytes are never read; each run is walked once.
 */
export function eachLongRun(bytes: Uint8Array, length: number, shortest: number, onRun: (start: number, end: number) => void): void {
  let done = 0;
  for (let at = shortest - 1; at < length; at += shortest) {
    if (isPart[bytes[at]!] === 0) continue;
    let start = at;
    while (start > done && isPart[bytes[start - 1]!] === 1) start--;
    let end = at + 1;
    while (end < length && isPart[bytes[end]!] === 1) end++;
    if (end - start >= shortest) onRun(start, end);
    done = end;
    at = Math.max(at, end - 1);
  }
}
