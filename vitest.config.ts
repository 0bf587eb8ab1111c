import { defineConfig } from "vitest/config";
import { ensureLinguistTables } from "./scripts/linguist-tables.mjs";
import { ensureTextKernel } from "./scripts/text-kernel.mjs";

ensureLinguistTables();
ensureTextKernel();

export default defineConfig({
  test: {
    include: ["{protocol,server,extension,webview,base,bench,scripts}/**/*.test.ts", "test/{contract,crash}/**/*.test.ts"],
    // Their own commands, npm run test:torch and bench:gpu: they need a Python environment of several GB.
    exclude: ["**/*.torch.test.ts", "**/*.gpu.test.ts", "**/node_modules/**"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
    reporters: ["default"],
  },
});
