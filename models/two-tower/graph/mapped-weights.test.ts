import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Random } from "../../random.ts";
import { encodeRows } from "../encode-rows.ts";
import { unhurried } from "../../exporting/graph-runner.ts";
import { openRunner } from "../../onnx/ort-runner.fixture.ts";
import { randomWeights } from "../random-weights.ts";
import { writeVariants } from "./variants.fixture.ts";

const canSeeMappings = process.platform === "linux";
const weights = randomWeights({ users: 40_000, items: 20_000, dims: 64 }, new Random(3));

/** Bytes of this process's mappings of a file: how many it could read, and how many it has. */
async function mappingsOf(
  file: string,
): Promise<{ sizeKb: number; residentKb: number; count: number }> {
  const found = { sizeKb: 0, residentKb: 0, count: 0 };
  let inside = false;
  for (const line of (await readFile("/proc/self/smaps", "utf8")).split("\n")) {
    if (/^[0-9a-f]+-[0-9a-f]+ /.test(line)) inside = line.endsWith(` ${file}`);
    const [, field, kb] = /^(Size|Rss):\s+(\d+) kB$/.exec(line) ?? [];
    if (!inside || field === undefined) continue;
    found[field === "Size" ? "sizeKb" : "residentKb"] += Number(kb);
    if (field === "Size") found.count += 1;
  }
  return found;
}

test.skipIf(!canSeeMappings).each(["fp32", "rescore-4k"])(
  "%s maps what it looks up, and keeps no original of what it packs",
  async (variant) => {
    const files = await writeVariants(weights);
    onTestFinished(() => files[Symbol.asyncDispose]());
    const runner = await openRunner(files.graphs[variant]!);
    onTestFinished(() => runner.close());
    const shape = { history: 0, candidates: 0, fetch: 10 };
    const row = { user: 5, shape, history: new Int32Array(), candidates: undefined };
    await runner.run(encodeRows([row], weights.items), unhurried);

    // Of the user table, one vector and its neighbourhood were read.
    const users = await mappingsOf(join(files.dir, "user-vectors.f32"));
    expect(users.sizeKb).toBeGreaterThanOrEqual(10_000);
    expect(users.residentKb).toBeLessThan(users.sizeKb / 4);
    // The lookup's mapping only: in fp32 the product reads the same file, but from its packed copy.
    expect((await mappingsOf(join(files.dir, "item-vectors.f32"))).count).toBe(1);
    expect((await mappingsOf(join(files.dir, "item-matrix-rescore-4k.i8"))).count).toBe(0);
  },
);
