import { describe, expect, test } from "vitest";
import { classOf } from "./classes";
import { commentSyntax, isKnownLanguage, languageFromAttribute, languageOf } from "./languages";

describe("languages", () => {
  test.each([
    ["src/a.ts", "typescript"],
    ["src/a.tsx", "typescriptreact"],
    ["lib/x.mjs", "javascript"],
    ["a.PY", "python"],
    ["include/x.h", "c"],
    ["x.hpp", "cpp"],
    ["Makefile", "makefile"],
    ["docker/Dockerfile.dev", "dockerfile"],
    [".env.production", "dotenv"],
    ["tsconfig.json", "jsonc"],
    ["config.yaml.example", "yaml"],
    ["nginx.conf.template", "ini"],
    ["requirements-dev.txt", "pip-requirements"],
    ["README", "plaintext"],
    ["docs/guide.md", "markdown"],
    ["weird.zzz", "plaintext"],
    ["__proto__", "plaintext"],
    ["constructor", "plaintext"],
  ])("%s is %s", (path, language) => {
    expect(languageOf(path)).toBe(language);
  });

  test("a shebang tells the language of a file whose name does not", () => {
    expect(languageOf("bin/run", "#!/usr/bin/env python3.11")).toBe("python");
    expect(languageOf("bin/run", "#!/usr/bin/env -S node --flag")).toBe("javascript");
    expect(languageOf("bin/run", "#!/bin/bash -e")).toBe("shellscript");
    expect(isKnownLanguage("bin/run", "no shebang")).toBe(false);
  });

  test("linguist-language names are understood", () => {
    expect([
      languageFromAttribute("C++"),
      languageFromAttribute("Shell"),
      languageFromAttribute("Go"),
      languageFromAttribute("toString"),
    ]).toEqual(["cpp", "shellscript", "go", undefined]);
  });

  test("an unknown language has no comments", () => {
    expect(commentSyntax("constructor")).toEqual({ line: [], block: [] });
  });
});

describe("classes", () => {
  test.each([
    ["src/queue.go", "source"],
    ["src/queue_test.go", "test"],
    ["src/__tests__/queue.ts", "test"],
    ["src/queue.spec.ts", "test"],
    ["tests/conftest.py", "test"],
    ["src/test/java/app/QueueTest.java", "test"],
    ["src/main/java/app/Contest.java", "source"],
    ["spec/models/user_spec.rb", "test"],
    ["latest/report.py", "source"],
    ["lib/test_sort.c", "test"],
    ["drivers/gpu/selftest_engine.c", "test"],
    ["tools/selftests/net/run.sh", "test"],
    ["Documentation/ABI/testing/sysfs-kernel", "documentation"],
    ["docs/media/audio_function_calls.rst", "documentation"],
    ["docs/releases/1.8.txt", "changelog"],
    ["README.md", "documentation"],
    ["docs/adr/0001.rst", "documentation"],
    ["CHANGELOG.md", "changelog"],
    ["HISTORY.rst", "changelog"],
    ["changelog.d/123.bugfix.md", "changelog"],
    ["docs/runbooks/database-failover.md", "runbook"],
    ["ops/oncall.md", "runbook"],
    ["docs/incident-response.md", "runbook"],
    ["deploy/values.yaml", "config-template"],
    [".env.example", "config-template"],
    ["package.json", "config-template"],
    ["Dockerfile", "config-template"],
    ["rules/checks.mydsl", "source"],
    ["Makefile", "source"],
  ])("%s is %s", (path, expected) => {
    expect(classOf(path, languageOf(path))).toBe(expected);
  });

  test("linguist-documentation decides for a directory", () => {
    expect(classOf("examples/demo.py", "python", true)).toBe("documentation");
  });
});
