/** Lines of fewer characters, white space around them not counted, say nothing when they repeat: braces, returns, includes. */
const shortestLine = 20;

/** Calls back with two 32-bit hashes of every line of at least `shortestLine` characters, white space around it not counted. */
export function forEachLine(text: string, onLine: (high: number, low: number) => void): void {
  const length = text.length;
  for (let start = 0; start < length;) {
    let end = text.indexOf("\n", start);
    if (end < 0) end = length;
    let from = start;
    let to = end;
    while (from < to && text.charCodeAt(from) <= 32) from++;
    while (to > from && text.charCodeAt(to - 1) <= 32) to--;
    if (to - from >= shortestLine) {
      let high = 0x811c9dc5;
      let low = 0x9747b28c;
      for (let at = from; at < to; at++) {
        const code = text.charCodeAt(at);
        high = Math.imul(high ^ code, 0x01000193);
        low = Math.imul(low ^ code, 0x5bd1e995);
        low ^= low >>> 15;
      }
      onLine(high >>> 0, low >>> 0);
    }
    start = end + 1;
  }
}
