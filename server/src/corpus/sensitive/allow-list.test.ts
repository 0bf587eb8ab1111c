import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { allowanceHash, makeAllowList } from "./allow-list";

const salt = "0123456789abcdef";
const finding = { rule: "password" };

test("a hash is salt and the first 16 digits of SHA-256 over salt, NUL and value", () => {
  const whole = createHash("sha256")
    .update(Buffer.from(`${salt}\0hunter2!`, "utf8"))
    .digest("hex");
  expect(allowanceHash(salt, "hunter2!")).toBe(`${salt}:${whole.slice(0, 16)}`);
});

test("each part narrows an allowance", () => {
  const isAllowed = makeAllowList([{ rule: "password", path: "test/**", hash: allowanceHash(salt, "hunter2!") }]);
  expect(isAllowed("test/a/b.ts", finding, "hunter2!")).toBe(true);
  expect(isAllowed("src/b.ts", finding, "hunter2!")).toBe(false);
  expect(isAllowed("test/a/b.ts", { rule: "key" }, "hunter2!")).toBe(false);
  expect(isAllowed("test/a/b.ts", finding, "hunter3!")).toBe(false);
});

test("one part alone is enough, and any of several allowances", () => {
  const isAllowed = makeAllowList([{ rule: "email" }, { path: "docs/*.md" }, { hash: allowanceHash(salt, "v") }]);
  expect(isAllowed("a", { rule: "email" }, "x")).toBe(true);
  expect(isAllowed("docs/a.md", finding, "x")).toBe(true);
  expect(isAllowed(".hidden/a", finding, "v")).toBe(true);
  expect(isAllowed("docs/sub/a.md", finding, "x")).toBe(false);
});

test("nothing allows nothing", () => {
  expect(makeAllowList([])("a", finding, "v")).toBe(false);
  expect(makeAllowList([{}])("a", finding, "v")).toBe(false);
});
