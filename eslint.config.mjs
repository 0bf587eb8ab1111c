import tseslint from "typescript-eslint";
import importX from "eslint-plugin-import-x";
import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";

/** Rooms of the engine from the bottom up; a room imports only from rooms of a lower level (docs/architecture.md). */
const levels = [
  ["platform"],
  ["config"],
  ["corpus", "identifiers", "tokenizer", "evaluation"],
  ["gates", "executors", "mixture", "diagnosis"],
  ["training"],
  ["features", "backends"],
  ["cli"],
];
const src = "./server/src";
const zones = levels.flatMap((rooms, level) =>
  rooms.map((room) => ({
    target: `${src}/${room}`,
    from: [...levels.slice(level + 1).flat().map((higher) => `${src}/${higher}`), `${src}/cli.ts`, `${src}/lsp.ts`, `${src}/run.ts`],
    message: `${room}/ may only import rooms below it (docs/architecture.md).`,
  })),
);
const only = (target, others) => ({ target, from: others, message: "extension and webview import only protocol; protocol imports nothing of the house." });

export default tseslint.config(
  { ignores: ["**/dist/**", "**/node_modules/**", ".cache/**", "test-results/**", "media/**", "**/*.d.ts"] },
  ...tseslint.configs.recommended,
  {
    files: ["**/*.ts"],
    plugins: { "import-x": importX },
    settings: { "import-x/resolver-next": [createTypeScriptImportResolver({ project: ["protocol/tsconfig.json", "server/tsconfig.json", "extension/tsconfig.json", "webview/tsconfig.json"] })] },
    rules: {
      "import-x/no-restricted-paths": [
        "error",
        {
          zones: [
            ...zones,
            only("./extension/src", ["./server", "./webview"]),
            only("./webview/src", ["./server", "./extension"]),
            only("./protocol/src", ["./server", "./extension", "./webview"]),
            { target: "./server/src", from: ["./extension", "./webview", "./base"], message: "The engine knows neither editor nor panels nor the making of the base." },
          ],
        },
      ],
      "import-x/no-default-export": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "max-lines": ["warn", { max: 320, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["warn", { max: 50, skipBlankLines: true, skipComments: true }],
      eqeqeq: "error",
      "no-console": "error",
    },
  },
  {
    files: ["**/*.test.ts", "test/**", "bench/**", "**/conformance.ts", "base/**"],
    rules: { "max-lines-per-function": "off", "max-lines": "off", "no-console": "off" },
  },
  { files: ["protocol/src/**/*.ts", "webview/src/**/*.ts"], rules: { "no-restricted-imports": ["error", { patterns: ["node:*", "vscode", "fs", "path"] }] } },
  { files: ["server/src/**/*.ts"], rules: { "no-restricted-imports": ["error", { paths: ["vscode"] }] } },
  { files: ["*.config.ts", "*.config.mjs"], rules: { "import-x/no-default-export": "off" } },
);
