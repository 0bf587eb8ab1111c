import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";

/**
 * Prints the table of server/src/corpus/sensitive/letter-pairs.ts: how surprising a symbol is after another in the words of code, as
 * quarter bits in one character each. Symbols: a to z, digit, boundary. Every distinct word of the trees counts once.
 * Arguments: directories.
 */
function main(): void {
  const words = new Set<string>();
  const queue = process.argv.slice(2);
  for (let directory = queue.pop(); directory !== undefined; directory = queue.pop()) {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) queue.push(path);
      if (!entry.isFile() || !/^\.(?:c|h|py|js|ts|go|rst|md|sh)$/.test(extname(path))) continue;
      const text = readFileSync(path, "latin1").slice(0, 20_000);
      for (const [word] of text.matchAll(/[A-Za-z][A-Za-z0-9_]{3,}/g))
        if (words.size < 2_000_000 && word.length < 40) words.add(word.toLowerCase());
    }
  }
  const counts = Array.from({ length: 28 }, () => new Float64Array(28).fill(3));
  const symbol = (code: number): number => (code >= 97 && code <= 122 ? code - 97 : code >= 48 && code <= 57 ? 26 : 27);
  for (const word of words) {
    let last = 27;
    for (let at = 0; at <= word.length; at++) {
      const next = at < word.length ? symbol(word.charCodeAt(at)) : 27;
      counts[last]![next]!++;
      last = next;
    }
  }
  const rows = counts.map((row) => {
    const sum = row.reduce((total, count) => total + count, 0);
    return Array.from(row, (count) => String.fromCharCode(48 + Math.min(60, Math.round(-4 * Math.log2(count / sum))))).join("");
  });
  process.stdout.write(`${words.size} words\n${rows.join("\n")}\n`);
}

main();
