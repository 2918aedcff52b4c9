import { expect, test } from "vitest";
import { killFileStore } from "./file-store-kills.ts";

test("kill -9 of the file store's writer: all that was acknowledged is there, whole", async () => {
  const { missed, acknowledged } = await killFileStore({ kills: 5, seed: 7 });
  expect(missed).toEqual([]);
  expect(acknowledged).toBeGreaterThan(0);
});
