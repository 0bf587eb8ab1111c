/** Schema of the manifest of packed token rows, which is read back from disk. Objects are loose, so that fields added later survive. */
import * as z from "zod/mini";
import type { TokenRowsManifest } from "./tokens";
import type { Parsed } from "./parsed";

const count = z.number().check(z.int(), z.minimum(0));

const manifestSchema = z.looseObject({
  format: z.literal(1),
  tokens: z.string(),
  source: z.string(),
  corpus: z.string(),
  tokenizer: z.looseObject({
    name: z.string(),
    hash: z.string(),
    behaviour: z.string(),
    engine: z.enum(["own", "tiktoken"]),
  }),
  rowLength: z.number().check(z.int(), z.positive()),
  rows: count,
  ledger: z.looseObject({
    documents: count,
    documentTokens: count,
    packedTokens: count,
    paddingTokens: count,
    headerTokens: count,
    lossTokens: count,
    fragments: count,
    filledMiddles: z.optional(count),
    specialLookalikes: count,
  }),
  files: z.record(z.string(), z.string()),
});

export function parseTokenRowsManifest(text: string): Parsed<TokenRowsManifest> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, problem: "it is not JSON" };
  }
  const result = manifestSchema.safeParse(value);
  if (result.success) return { ok: true, value: result.data as TokenRowsManifest };
  const issue = result.error.issues[0];
  return {
    ok: false,
    problem: issue === undefined ? "not as expected" : `${issue.path.map(String).join(".") || "the document"}: ${issue.message}`,
  };
}
