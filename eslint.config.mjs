import tseslint from "typescript-eslint";

/** Rooms of the engine from the bottom up; a room imports only rooms of a lower level, or of its own level through their door (docs/architecture.md). */
const levels = [
  ["platform"],
  ["config"],
  ["corpus", "identifiers", "tokenizer", "evaluation"],
  ["gates", "executors", "mixture", "diagnosis"],
  ["training"],
  ["features", "backends"],
  ["cli"],
];
const entryPoints = ["cli", "lsp", "run"];

/** Import patterns that reach a room of the engine from a file `depth` folders below server/src. */
const reach = (room, depth) => [`${"../".repeat(depth)}${room}`, `${"../".repeat(depth)}${room}/**`];

/** Zones of DESIGN §2 as plain import patterns: engine rooms import each other by relative path only. */
const zones = levels.flatMap((rooms, level) =>
  rooms.flatMap((room) =>
    [1, 2, 3].map((depth) => {
      const higher = levels.slice(level + 1).flat();
      const others = levels.flat().filter((other) => other !== room && !higher.includes(other) && other !== "platform");
      return {
        files: [`server/src/${room}${"/*".repeat(depth)}.ts`],
        rules: {
          "no-restricted-imports": [
            "error",
            {
              paths: [{ name: "vscode", message: "The engine knows no editor." }],
              patterns: [
                {
                  group: [
                    ...new Set([
                      ...higher.flatMap((other) => reach(other, depth)),
                      ...entryPoints.map((entry) => `${"../".repeat(depth)}${entry}`),
                    ]),
                  ],
                  message: `${room}/ may only import rooms below it.`,
                },
                {
                  group: others.flatMap((other) => {
                    const path = `${"../".repeat(depth)}${other}`;
                    return [`${path}/*`, `!${path}/index`, `!${path}/*.test-support`];
                  }),
                  message: "Another room is entered through its door (index.ts).",
                },
                {
                  group: ["**/extension/**", "**/webview/**", "**/base/**"],
                  message: "The engine knows neither editor nor panels nor the making of the base.",
                },
              ].filter(({ group }) => group.length > 0),
            },
          ],
        },
      };
    }),
  ),
);

const onlyProtocol = (files, forbidden) => ({
  files,
  rules: {
    "no-restricted-imports": [
      "error",
      { patterns: [{ group: forbidden, message: "extension and webview import only protocol; protocol imports nothing of the house." }] },
    ],
  },
});

export default tseslint.config(
  { ignores: ["scripts/kernel/**", "**/dist/**", "**/node_modules/**", ".cache/**", "test-results/**", "media/**", "**/*.d.ts"] },
  ...tseslint.configs.recommended,
  {
    files: ["**/*.ts"],
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", ignoreRestSiblings: true }],
      "no-restricted-syntax": ["error", { selector: "ExportDefaultDeclaration", message: "Named exports only." }],
      "max-lines": ["error", { max: 330, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      eqeqeq: "error",
      "no-console": "error",
    },
  },
  {
    files: [
      "**/*.test.ts",
      "test/**/*.ts",
      "bench/**/*.ts",
      "**/conformance.ts",
      "**/conformance/*.ts",
      "base/**/*.ts",
      "webview/dev/**/*.ts",
    ],
    rules: { "max-lines-per-function": "off", "max-lines": "off", "no-console": "off" },
  },
  ...zones,
  onlyProtocol(["extension/src/**/*.ts"], ["**/server/**", "**/webview/**", "@midtrain/server/**", "@midtrain/webview/**"]),
  onlyProtocol(
    ["webview/src/**/*.ts"],
    ["**/server/**", "**/extension/**", "node:*", "vscode", "@midtrain/server/**", "@midtrain/extension/**"],
  ),
  onlyProtocol(["protocol/src/**/*.ts"], ["**/server/**", "**/extension/**", "**/webview/**", "node:*", "vscode"]),
  { files: ["*.config.ts", "*.config.mjs"], rules: { "no-restricted-syntax": "off" } },
);
