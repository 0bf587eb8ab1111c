import type { Finding } from "./finding";
import { withoutOverlaps } from "./sensitive-scan";
import { ValueSearch } from "./value-search";

interface Kind {
  readonly rule: string;
  readonly family: Finding["family"];
}

/** Every secret and personal value met in a repository, in memory only. */
export class SensitiveValues {
  readonly #kinds = new Map<string, Kind>();
  readonly #everywhere = new Set<string>();
  #search: ValueSearch | undefined;

  /** Remembers what the findings of one text are. */
  learn(text: string, findings: readonly Finding[]): void {
    for (const finding of findings) {
      const value = text.slice(finding.start, finding.end);
      if (!this.#kinds.has(value)) this.#kinds.set(value, { rule: finding.rule, family: finding.family });
      if (finding.everywhere && !this.#everywhere.has(value)) {
        this.#everywhere.add(value);
        this.#search = undefined;
      }
    }
  }

  /** True when one of the values stands in a text of these bytes (ASCII). */
  isIn(bytes: Uint8Array): boolean {
    if (this.#everywhere.size === 0) return false;
    this.#search ??= new ValueSearch([...this.#everywhere]);
    return this.#search.isIn(bytes);
  }

  /** The findings of a text, with every value known from elsewhere in the repository. */
  complete(text: string, findings: readonly Finding[]): readonly Finding[] {
    if (this.#everywhere.size === 0) return findings;
    this.#search ??= new ValueSearch([...this.#everywhere]);
    const found: Finding[] = [...findings];
    this.#search.scan(text, (value, start) => {
      found.push({ ...this.#kinds.get(value)!, start, end: start + value.length, everywhere: true });
    });
    return found.length === findings.length ? findings : withoutOverlaps(found);
  }
}
