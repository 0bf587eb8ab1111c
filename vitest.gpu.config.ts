import { defineConfig } from "vitest/config";

/** Only for `npm run bench:gpu`. */
export default defineConfig({
  test: { include: ["bench/torch/*.gpu.test.ts"], testTimeout: 120_000, hookTimeout: 120_000, pool: "forks", maxWorkers: 1 },
});
