import type { SuiteItem } from "./suites/suite-types";
import { loadSuites } from "./suites/suites";

function textOf(item: SuiteItem): string {
  if (item.kind === "text") return item.context + item.text;
  return item.kind === "choice" ? item.context + item.right : item.context;
}

/** What the suites ask and expect, loop and sealed part alike: a corpus that holds it teaches the test. */
export function evaluationTexts(): readonly string[] {
  return [...new Set(loadSuites().flatMap((suite) => [...suite.items, ...suite.sealed].map(textOf)))].sort();
}
