import { expect, test } from "vitest";
import { namesCsv } from "./names-csv";
import type { TermFigures } from "./tokens";

const figures: TermFigures = {
  term: '=cmd|"x",y',
  kind: "config-key",
  count: 4,
  files: 2,
  inContext: 3.5,
  isolated: 3,
  afterSpace: 4,
  contextCost: 10,
  learningCost: 0.25,
  split: 4,
  keyPath: { path: "\rjobs", paths: 1, isolated: 2 },
};
const report = { tokenizer: { name: "a", hash: "b" }, tokens: 40, top: [figures] };

test("what a spreadsheet would read otherwise is quoted and disarmed; a line a name and tokenizer", () => {
  const [head, first, second, end] = [...namesCsv([report, { ...report, tokenizer: { name: "@c", hash: "d" } }])].join("").split("\r\n");
  expect(head).toBe(
    "tokenizer,tokenizer_hash,term,kind,count,files,tokens_in_context,tokens_alone,tokens_after_space,split_occurrences,context_cost,cost_share,learning_cost,key_path",
  );
  expect(first).toBe(`a,b,"'=cmd|""x"",y",config-key,4,2,3.5,3,4,4,10,0.25,0.25,"'\rjobs"`);
  expect(second!.startsWith("'@c,d,")).toBe(true);
  expect(end).toBe("");
});
