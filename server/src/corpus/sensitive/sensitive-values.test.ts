import { expect, test } from "vitest";
import { Placeholders } from "./placeholders";
import { findSensitive } from "./sensitive-scan";
import { SensitiveValues } from "./sensitive-values";

const value = "q8Jd02mXz7Lp4Rt6Vb1NcW5y";

function redact(values: SensitiveValues, placeholders: Placeholders, text: string, language: string): string {
  let clean = "";
  let at = 0;
  for (const finding of values.complete(text, findSensitive(text, language))) {
    clean += text.slice(at, finding.start) + placeholders.of(text.slice(finding.start, finding.end), finding);
    at = finding.end;
  }
  return clean + text.slice(at);
}

test("a value found once is replaced everywhere, by one placeholder", () => {
  const [values, placeholders] = [new SensitiveValues(), new Placeholders()];
  const config = `api_key: ${value}\n`;
  values.learn(config, findSensitive(config, "yaml"));
  expect(redact(values, placeholders, config, "yaml")).toBe("api_key: <SECRET:key-1>\n");
  expect(redact(values, placeholders, `call(${value}, x${value}é)`, "c")).toBe("call(<SECRET:key-1>, x<SECRET:key-1>é)");
});

test("a weak password is replaced only where it is one", () => {
  const [values, placeholders] = [new SensitiveValues(), new Placeholders()];
  const config = `password: summer7\n`;
  values.learn(config, findSensitive(config, "yaml"));
  expect(redact(values, placeholders, config, "yaml")).not.toContain("summer7");
  expect(redact(values, placeholders, "in summer7 we", "plaintext")).toBe("in summer7 we");
});
