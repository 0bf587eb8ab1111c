import { expect, test } from "vitest";
import { defaultSettings, parseSettings } from "./editor-settings";

test("a setting that is not legal takes its default; the others stay as they are", () => {
  const settings = parseSettings({
    python: "/opt/python/bin/python3",
    risk: "wild",
    hover: { enabled: false },
    inlayHints: { enabled: true, minimumTokens: "many", show: "pieces" },
    diagnostics: "on",
  });
  expect(settings).toMatchObject({
    python: "/opt/python/bin/python3",
    risk: defaultSettings.risk,
    hover: { enabled: false },
    inlayHints: { enabled: true, minimumTokens: defaultSettings.inlayHints.minimumTokens, show: "pieces" },
    diagnostics: defaultSettings.diagnostics,
  });
});

test.each([undefined, null, "text", 3, []])("settings of %j are the defaults: quiet, no program of anybody's", (value) => {
  expect(parseSettings(value)).toEqual({
    tokenizer: "",
    model: "",
    risk: "normal",
    budget: "",
    python: "",
    hover: { enabled: true },
    inlayHints: { enabled: false, minimumTokens: expect.any(Number) as number, show: "count" },
    codeLens: { enabled: false },
    codeActions: { enabled: true },
    diagnostics: { enabled: false, minimumTokens: expect.any(Number) as number },
  });
});
