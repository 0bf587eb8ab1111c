/** The ranked names: search, filter, sort, pages, copies. Pure. */
import type { FragmentationReport, TermFigures } from "@midtrain/protocol/tokens";

const sortKeys = ["term", "kind", "count", "inContext", "isolated", "afterSpace", "contextCost"] as const;
export type SortKey = (typeof sortKeys)[number];

export interface TermQuery {
  readonly search: string;
  /** Empty for every kind. */
  readonly kind: string;
  readonly sort: SortKey;
  readonly descending: boolean;
  readonly page: number;
}

export const firstQuery: TermQuery = { search: "", kind: "", sort: "contextCost", descending: true, page: 0 };
export const pageSize = 100;

export interface TermPage {
  readonly rows: readonly TermFigures[];
  /** Rank of the first row, from 1. */
  readonly from: number;
  readonly found: number;
  readonly page: number;
  readonly pages: number;
}

export function isSortKey(value: unknown): value is SortKey {
  return sortKeys.some((key) => key === value);
}

export function selectTerms(report: FragmentationReport, query: TermQuery): readonly TermFigures[] {
  const wanted = query.search.trim().toLowerCase();
  const found = report.top.filter(
    (term) => (query.kind === "" || term.kind === query.kind) && (wanted === "" || term.term.toLowerCase().includes(wanted)),
  );
  const direction = query.descending ? -1 : 1;
  return found.sort((a, b) => direction * compare(a[query.sort], b[query.sort]) || compare(a.term, b.term));
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

export function pageOf(terms: readonly TermFigures[], page: number): TermPage {
  const pages = Math.max(1, Math.ceil(terms.length / pageSize));
  const shown = Math.min(Math.max(0, page), pages - 1);
  return {
    rows: terms.slice(shown * pageSize, (shown + 1) * pageSize),
    from: terms.length === 0 ? 0 : shown * pageSize + 1,
    found: terms.length,
    page: shown,
    pages,
  };
}

/** A click on the sorted column turns it round; numbers start with the largest, names with the first. */
export function sortedBy(query: TermQuery, sort: SortKey): TermQuery {
  const descending = query.sort === sort ? !query.descending : sort !== "term" && sort !== "kind";
  return { ...query, sort, descending, page: 0 };
}

export function asJson(terms: readonly TermFigures[]): string {
  return JSON.stringify(terms, undefined, 2);
}
