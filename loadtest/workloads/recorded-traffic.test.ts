import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openChannel, startServer } from "../../transport/open.ts";
import { recordTraffic } from "./record-traffic.ts";
import { readRecording } from "./recorded-traffic.ts";

const path = "/crossfade.v1.RecommenderService/Recommend";
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "crossfade-recording-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("records what goes through, and reads it back", async () => {
  const file = join(folder, "traffic.jsonl");
  await using server = await startServer([
    { kind: "unary", path, handle: async (request) => Buffer.from(request).toReversed() },
  ]);
  const recorder = await recordTraffic({ file, target: server.address, port: 0, path });
  {
    using channel = openChannel(recorder.address);
    for (const text of ["one", "two", "three"]) {
      const reply = await channel.unary(path, Buffer.from(text));
      expect(Buffer.from(reply).toString()).toBe(Array.from(text).toReversed().join(""));
    }
  }
  expect(recorder.calls()).toBe(3);
  await recorder.close();
  const { workload, schedule } = await readRecording(file);
  expect(workload.requests.map(String)).toEqual(["one", "two", "three"]);
  expect(workload).toMatchObject({ call: { transport: "grpc", path }, replies: "recommend" });
  expect(schedule.atMs[0]).toBe(0);
  expect(schedule.atMs.toSorted((a, b) => a - b)).toEqual(schedule.atMs);

  // A recorder that was killed leaves half a line.
  await truncate(file, (await readFile(file)).length - 4);
  expect((await readRecording(file)).workload.requests).toHaveLength(2);
});

test("never writes over a file, and goes on when no more fits", async () => {
  const file = join(folder, "traffic.jsonl");
  await using server = await startServer([
    { kind: "unary", path, handle: async (request) => request },
  ]);
  const recorder = await recordTraffic({
    file,
    target: server.address,
    port: 0,
    path,
    maxBytes: 60,
  });
  {
    using channel = openChannel(recorder.address);
    for (let i = 0; i < 5; i++) await channel.unary(path, Buffer.from("call"));
  }
  expect(recorder.stoppedBecause()).toBe("60 bytes are recorded");
  await recorder.close();
  expect(recorder.calls()).toBeLessThan(5);
  await expect(recordTraffic({ file, target: server.address, port: 0, path })).rejects.toThrow(
    /EEXIST/,
  );
});

const header = `{"format":1,"path":"${path}"}`;
test.each([
  ["", /traffic\.jsonl:1: /],
  [`{"format":2,"path":"/x/y"}\n`, /format must be 1/],
  [`${header}\n`, /there are no calls/],
  [`${header}\n{"atMs":"1","request":""}\n`, /:2: wanted/],
  [`${header}\n{"atMs":5,"request":""}\n{"atMs":4,"request":""}\n`, /:3: atMs is below/],
])("refuses %j", async (text, message) => {
  const file = join(folder, "traffic.jsonl");
  await writeFile(file, text);
  await expect(readRecording(file)).rejects.toThrow(message);
});
