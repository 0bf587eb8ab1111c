import { describe, expect, test } from "vitest";
import { Placeholders } from "./placeholders";
import { findSensitive } from "./sensitive-scan";
import { SensitiveValues } from "./sensitive-values";

const value = "q8Jd02mXz7Lp4Rt6Vb1NcW5y";

function redact(values: SensitiveValues, placeholders: Placeholders, text: string, language: string): string {
  let clean = "";
  let at = 0;
  for (const finding of values.complete(text, findSensitive(text, language))) {
    clean += text.slice(at, finding.start) + placeholders.of(text.slice(finding.start, finding.end), finding, "some/file");
    at = finding.end;
  }
  return clean + text.slice(at);
}

test("a value found once is replaced everywhere, by one placeholder", () => {
  const [values, placeholders] = [new SensitiveValues(), new Placeholders()];
  const config = `api_key: ${value}\n`;
  values.learn(config, findSensitive(config, "yaml"));
  const redacted = redact(values, placeholders, config, "yaml");
  expect(redacted).toMatch(/^api_key: <SECRET:key-\d{6}>\n$/);
  const placeholder = redacted.slice("api_key: ".length, -1);
  expect(redact(values, placeholders, `call(${value}, x${value}é)`, "c")).toBe(`call(${placeholder}, x${placeholder}é)`);
});

test("a weak password is replaced only where it is one", () => {
  const [values, placeholders] = [new SensitiveValues(), new Placeholders()];
  const config = `password: summer7\n`;
  values.learn(config, findSensitive(config, "yaml"));
  expect(redact(values, placeholders, config, "yaml")).not.toContain("summer7");
  expect(redact(values, placeholders, "in summer7 we", "plaintext")).toBe("in summer7 we");
});

describe("placeholders", () => {
  const email = { rule: "email", family: "personal" } as const;
  const named = (files: Readonly<Record<string, readonly string[]>>): ReadonlyMap<string, string> => {
    const placeholders = new Placeholders();
    for (const [path, keys] of Object.entries(files)) for (const key of keys) placeholders.of(key, email, path);
    return placeholders.all;
  };

  test("a value that comes or goes in one file renames none that is first met in another", () => {
    const [before, now] = [named({ a: ["1", "2"], b: ["2", "3"], c: ["4"] }), named({ b: ["2", "3"], c: ["4", "5"] })];
    expect(now.get("4")).toBe(before.get("4"));
    expect(now.get("2")).not.toBe(before.get("2"));
  });

  test("thousands of values in one file have thousands of placeholders", () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => `key ${index}`);
    const all = named({ MAINTAINERS: keys });
    expect(new Set(all.values()).size).toBe(keys.length);
    expect([...all.values()].every((placeholder) => /^<PERSONAL:email-\d{6,}>$/.test(placeholder))).toBe(true);
  });
});
