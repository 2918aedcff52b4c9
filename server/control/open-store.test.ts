import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createLog } from "../log/log.ts";
import { openStore } from "./open-store.ts";
import { openFolder } from "./router.fixture.ts";

test("that files were mended is logged under a message of its own", async () => {
  await using folder = await openFolder();
  const logged: string[] = [];
  const log = createLog({ write: (line) => void logged.push(line), isPretty: false });
  const config = { state: folder.path } as Parameters<typeof openStore>[0];
  await (await openStore(config, log)).close();
  await writeFile(join(folder.path, "audit.jsonl"), '{"torn');
  await (await openStore(config, log)).close();
  expect(logged).toHaveLength(1);
  const line = JSON.parse(logged[0]!) as object;
  expect(line).toMatchObject({ message: "the store's files were mended" });
  expect(line).toHaveProperty("what", expect.stringContaining("torn line"));
});
