/** 53-bit hash of path, blob and cleaned text of a document, as a number that a Map takes. @param text a fingerprint of it */
export function documentKey(path: string, blob: string, text: string): number {
  const key = `${path}\0${blob}\0${text}`;
  let high = 0x811c9dc5;
  let low = 0x9747b28c;
  for (let at = 0; at < key.length; at++) {
    const code = key.charCodeAt(at);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x5bd1e995);
    low ^= low >>> 15;
  }
  return (high >>> 0) * 0x200000 + ((low >>> 0) >>> 11);
}
