import { defineConfig } from "vitest/config";

/** `npm run test:torch`: what needs the Python environment of the torch executor. */
export default defineConfig({
  test: {
    include: ["{server,test,base}/**/*.torch.test.ts"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: "forks",
    maxWorkers: 1,
    reporters: ["default"],
  },
});
