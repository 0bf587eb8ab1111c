/** An SPDX licence expression (SPDX specification, annex D). */
export type LicenceExpression =
  | { readonly kind: "licence"; readonly id: string; readonly exception?: string }
  | { readonly kind: "and" | "or"; readonly parts: readonly LicenceExpression[] };

const deepest = 20;

/** The old short names and `+` of GNU licences, in today's words. */
function modernId(id: string): string {
  const gnu = /^([AL]?GPL)-(\d\.\d)(\+)?$/i.exec(id);
  if (gnu === null) return id;
  return `${gnu[1]!.toUpperCase()}-${gnu[2]!}-${gnu[3] === undefined ? "only" : "or-later"}`;
}

class Parser {
  private at = 0;

  constructor(private readonly tokens: readonly string[]) {}

  get isAtEnd(): boolean {
    return this.at === this.tokens.length;
  }

  private take(word: string): boolean {
    if (this.tokens[this.at]?.toUpperCase() !== word) return false;
    this.at++;
    return true;
  }

  /** `or` binds weaker than `and`, `and` weaker than `with`. */
  expression(depth: number): LicenceExpression | undefined {
    return this.series("or", () => this.series("and", () => this.simple(depth)));
  }

  private series(kind: "and" | "or", part: () => LicenceExpression | undefined): LicenceExpression | undefined {
    const parts: LicenceExpression[] = [];
    do {
      const next = part();
      if (next === undefined) return undefined;
      parts.push(next);
    } while (this.take(kind.toUpperCase()));
    return parts.length === 1 ? parts[0] : { kind, parts };
  }

  private simple(depth: number): LicenceExpression | undefined {
    if (this.take("(")) {
      const inner = depth < deepest ? this.expression(depth + 1) : undefined;
      return inner !== undefined && this.take(")") ? inner : undefined;
    }
    const id = this.identifier();
    if (id === undefined) return undefined;
    if (!this.take("WITH")) return { kind: "licence", id: modernId(id) };
    const exception = this.identifier();
    return exception === undefined ? undefined : { kind: "licence", id: modernId(id), exception };
  }

  private identifier(): string | undefined {
    const token = this.tokens[this.at];
    if (token === undefined || !/^[A-Za-z0-9][\w.:-]*\+?$/.test(token) || /^(?:and|or|with)$/i.test(token)) return undefined;
    this.at++;
    return token;
  }
}

/** Undefined for what is no expression. */
export function parseLicence(text: string): LicenceExpression | undefined {
  if (text.length > 1000) return undefined;
  const parser = new Parser(text.match(/[()]|[^\s()]+/g) ?? []);
  const expression = parser.expression(0);
  return parser.isAtEnd ? expression : undefined;
}

function matches(id: string, pattern: string): boolean {
  const wanted = modernId(pattern.trim()).toLowerCase();
  const parts = wanted.split("*");
  const name = id.toLowerCase();
  if (parts.length === 1) return name === wanted;
  if (!name.startsWith(parts[0]!) || !name.endsWith(parts.at(-1)!) || name.length < wanted.length - parts.length + 1) return false;
  let at = parts[0]!.length;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= name.length - parts.at(-1)!.length;
}

/** True when a pattern (`GPL-3.0-only`, `GPL-*`) names the licence; one with an exception also by `id WITH exception`. */
export function isListed(licence: { readonly id: string; readonly exception?: string }, patterns: readonly string[]): boolean {
  const full = licence.exception === undefined ? undefined : `${licence.id} WITH ${licence.exception}`;
  return patterns.some((pattern) => matches(licence.id, pattern) || (full !== undefined && matches(full, pattern)));
}
