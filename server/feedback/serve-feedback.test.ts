import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RecordFeedbackRequest } from "../../proto/gen/crossfade/v1/recommender.ts";
import { Code } from "../../proto/serving-error.ts";
import type { Channel } from "../../transport/transport.ts";
import { openModelsFolder, openPuppetServing, type ModelsFolder } from "../puppet-serving.ts";

let dir: string;
let models: ModelsFolder;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "crossfade-feedback-"));
  models = await openModelsFolder("films/1");
});
afterAll(async () => {
  await models[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});

const serve = (feedback: string) =>
  openPuppetServing({ flags: { models: models.path, feedback, "feedback-sync-ms": "0" } });

function record(channel: Channel, fields: Parameters<typeof RecordFeedbackRequest.fromPartial>[0]) {
  const request = { userId: "ana", liked: "p1", others: ["p2"], ...fields };
  const bytes = RecordFeedbackRequest.encode(RecordFeedbackRequest.fromPartial(request)).finish();
  return channel.unary("/crossfade.v1.RecommenderService/RecordFeedback", bytes);
}

async function keptIn(folder: string): Promise<string[]> {
  const texts = (await readdir(folder)).sort().map((file) => readFile(join(folder, file), "utf8"));
  const lines = (await Promise.all(texts)).flatMap((text) => text.trim().split("\n"));
  return lines.map((line) => (JSON.parse(line) as { event_id: string }).event_id);
}

test("feedback by gRPC and by HTTP is kept, repeats once, also after a restart", async () => {
  const folder = join(dir, "kept", "here");
  {
    await using open = await serve(folder);
    expect(await record(open.channel, { eventId: "e1" })).toHaveLength(0);
    await record(open.channel, { eventId: "e1" });
    const post = () =>
      fetch(`http://127.0.0.1:${open.serving.httpPort}/feedback`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: '{"user_id":22434,"like_playlist":7,"other_playlists":[1,2,3,4]}',
      });
    for (const response of [await post(), await post()])
      expect(await response.text()).toBe('{"msg":"Feedback Sent"}');
    await expect(record(open.channel, { liked: "" })).rejects.toMatchObject({
      code: Code.INVALID_ARGUMENT,
    });
    const { text } = await open.page("/metrics");
    expect(text).toContain('crossfade_feedback_events_total{result="accepted"} 2');
    expect(text).toContain('crossfade_feedback_events_total{result="repeated"} 2');
    expect(text).toContain('crossfade_feedback_refused_total{code="INVALID_ARGUMENT"} 1');
    expect(text).toMatch(/crossfade_feedback_kept_bytes\{sink="spool"\} [1-9]/);
  }
  await using again = await serve(folder);
  await record(again.channel, { eventId: "e1" });
  await record(again.channel, { eventId: "e2" });
  expect(await keptIn(folder)).toEqual(["e1", expect.stringMatching(/^content-/), "e2"]);
});

test("what cannot be kept is refused, said once, and counted", async () => {
  const folder = join(dir, "gone");
  await using open = await serve(folder);
  await rm(folder, { recursive: true });
  for (let i = 0; i < 3; i++)
    await expect(record(open.channel, {})).rejects.toMatchObject({ code: Code.UNAVAILABLE });
  const { text } = await open.page("/metrics");
  expect(text).toContain('crossfade_feedback_refused_total{code="UNAVAILABLE"} 3');
  expect(open.logLines.filter((line) => line.includes("feedback is not kept"))).toHaveLength(1);
});

test("a place where nothing can be kept keeps the process from starting", async () => {
  const file = join(dir, "file");
  await writeFile(file, "");
  await expect(serve(file)).rejects.toThrow(`feedback cannot be kept in ${file}`);
});

test("without a place nothing is taken", async () => {
  await using open = await serve("off");
  await expect(record(open.channel, {})).rejects.toMatchObject({ code: Code.UNIMPLEMENTED });
});
