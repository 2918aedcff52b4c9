import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    exclude: ["node_modules/**", "dist/**"],
    // A process of its own per file: a native abort in one fails that file, not the run.
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Tests drive real processes, sockets and disks, also on machines that others share: what fails twice is broken. The
    // summary names those that needed it; mend them.
    retry: 1,
  },
});
