import { describe, expect, it } from "vitest";
import type { TermFigures } from "@midtrain/protocol/tokens";
import { cheaperSpelling, indexSpellings, spellingKey } from "./spellings";

function figures(term: string, isolated: number, kind: TermFigures["kind"] = "identifier", count = 3): TermFigures {
  return { term, kind, count, files: 1, inContext: isolated, isolated, afterSpace: isolated, contextCost: 0, learningCost: 0 };
}

describe("spellingKey", () => {
  it("is the same for the usual spellings of the same words", () => {
    const spellings = [
      "retryQueueDepth",
      "retry_queue_depth",
      "RetryQueueDepth",
      "RETRY_QUEUE_DEPTH",
      "retry-queue-depth",
      "_retryQueueDepth",
    ];
    expect(new Set(spellings.map(spellingKey))).toEqual(new Set(["retry queue depth"]));
    expect(spellingKey("HTTPServerError")).toBe("http server error");
    expect(spellingKey("utf8Decoder")).toBe("utf8 decoder");
  });
});

describe("cheaperSpelling", () => {
  const index = indexSpellings([
    figures("fooBarBaz", 5),
    figures("foo_bar_baz", 3),
    figures("foobarBaz", 2),
    figures("FOO_BAR_BAZ", 1, "constant"),
  ]);

  it("is one that the repository has, of the same kind, with fewer tokens", () => {
    expect(cheaperSpelling(index, "fooBarBaz")?.term).toBe("foo_bar_baz");
  });

  it("is none for paths and keys, which no language renames", () => {
    const keys = indexSpellings([figures("retryLimit", 4, "config-key"), figures("retry_limit", 2, "config-key")]);
    expect(cheaperSpelling(keys, "retryLimit")).toBeUndefined();
  });

  it("is none for the cheapest one, nor for a name that the report does not hold", () => {
    expect(cheaperSpelling(index, "foo_bar_baz")).toBeUndefined();
    expect(cheaperSpelling(index, "foo_barBaz")).toBeUndefined();
  });
});
