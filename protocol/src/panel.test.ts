import { expect, test } from "vitest";
import { panelToHostSchema } from "./panel";

const accepts = (message: unknown): boolean => panelToHostSchema.safeParse(message).success;

test.each(["src/a.ts", "a..b/c", ".git/commit-messages/1", "ünï/ö.py", "..a/b", "a b/(c)[d]"])("%s is a path of the repository", (path) => {
  expect(accepts({ type: "open-file", path, line: 3 })).toBe(true);
  expect(accepts({ type: "show-directory", path })).toBe(true);
});

test.each(["/etc/passwd", "../x", "a/../../x", "a/..", "C:\\x", "\\\\host\\share", "a\\..\\..\\x", "a\0b"])(
  "%j leads out of it",
  (path) => {
    expect(accepts({ type: "open-file", path })).toBe(false);
    expect(accepts({ type: "show-directory", path })).toBe(false);
  },
);

test("no directory stands for the whole repository", () => expect(accepts({ type: "show-directory", path: "" })).toBe(true));

test.each([-1, 0.5, Number.NaN, Infinity])("%d is no line", (line) => expect(accepts({ type: "open-file", path: "a", line })).toBe(false));

test("a file to save has a plain name", () => {
  expect(accepts({ type: "save", name: "names.csv", text: "" })).toBe(true);
  for (const name of ["", "../names.csv", "a/b.csv", "/tmp/x", ".bashrc", "a\\b", "x".repeat(200)])
    expect(accepts({ type: "save", name, text: "" })).toBe(false);
});
