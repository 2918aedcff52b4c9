import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { baseMs, eventOf } from "../../server/feedback/event.fixture.ts";
import type { RecordedEvent } from "../../server/feedback/feedback-event.ts";
import { isRedisMissing, startRedis, whyNoRedis } from "../../router/store/redis/redis.fixture.ts";
import { parseStoreAddress } from "../../router/store/store-address.ts";
import { openStream } from "../../server/feedback/stream/stream.ts";
import { openSpool } from "../../server/feedback/spool/spool.ts";
import { hearSaid } from "../terminal/said.fixture.ts";
import { exportFeedback } from "./export.ts";

const said = hearSaid();
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "crossfade-export-"));
});
afterEach(async () => {
  await rm(dir, { recursive: true });
});

async function spool(...events: readonly RecordedEvent[]): Promise<void> {
  const sink = await openSpool({ dir: join(dir, "spool"), syncMs: 0 });
  for (const event of events) await sink.append(event);
  await sink.close();
}

const out = () => join(dir, "rows.jsonl");
const run = (...args: readonly string[]) =>
  exportFeedback.run(["--from", join(dir, "spool"), "--out", out(), ...args]);
const rows = async () =>
  (await readFile(out(), "utf8"))
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { event_id: string });
const ids = async () => (await rows()).map(({ event_id: id }) => id);

test("a row has what training needs", async () => {
  await spool(eventOf(1));
  expect(await run("--since", "2026-01-31")).toBe(0);
  expect(await readFile(out(), "utf8")).toBe(
    '{"user":"u1","liked":"p1","others":["p2","p3"],"time":"2026-01-31T12:00:00.750Z","event_id":"e1"}\n',
  );
  expect(said.text).toContain("1 rows; 0 repeats dropped, 0 events before or after");
});

test("repeats between processes are dropped; the same id a day later is another event", async () => {
  const day = 86_400_000;
  await spool(eventOf(1), eventOf(2));
  await spool(
    eventOf(1, { receivedMs: baseMs + day }),
    eventOf(3, { receivedMs: baseMs + day + 1 }),
    eventOf(1, { receivedMs: baseMs + day + 1_000 }),
  );
  expect(await run("--since", "2026-01-31")).toBe(0);
  expect(await ids()).toEqual(["e1", "e2", "e3", "e1"]);
  expect(said.text).toContain("4 rows; 1 repeats dropped");
});

test("two users' events by one id are two", async () => {
  await spool(eventOf(1), eventOf(1, { user: "bob" }), eventOf(1));
  expect(await run("--since", "2026-01-31")).toBe(0);
  expect(said.text).toContain("2 rows; 1 repeats dropped");
});

test("a window by when events happened, its end outside", async () => {
  await spool(...Array.from({ length: 10 }, (_, i) => eventOf(i, { timeMs: baseMs + 1_000 * i })));
  expect(await run("--since", "2026-01-31T12:00:03Z", "--until", "2026-01-31T12:00:06Z")).toBe(0);
  expect(await ids()).toEqual(["e3", "e4", "e5"]);
  expect(said.text).toContain("7 events before or after");
});

test("the last thirty days, unless told otherwise", async () => {
  const nowMs = Date.now();
  const times = [31, 29].map((days) => nowMs - days * 86_400_000);
  await spool(...times.map((ms, i) => eventOf(i + 1, { timeMs: ms, receivedMs: ms })));
  expect(await run()).toBe(0);
  expect(await ids()).toEqual(["e2"]);
});

test("memory that is too small is said", async () => {
  const events = Array.from({ length: 30_000 }, (_, i) => eventOf(i, { receivedMs: baseMs + i }));
  const sink = await openSpool({ dir: join(dir, "spool"), syncMs: 0 });
  await Promise.all([...events, events[0]!].map((event) => sink.append(event)));
  await sink.close();
  expect(await run("--since", "2026-01-31", "--memory", "1MiB")).toBe(0);
  expect(said.text).toMatch(/30001 rows.*\n\d+ ids did not fit/);
  expect(await run("--since", "2026-01-31", "--memory", "2MiB")).toBe(0);
  expect(await rows()).toHaveLength(30_000);
});

test("lines that are none are counted, and where the first is", async () => {
  await spool(eventOf(1));
  const [file = ""] = await readdir(join(dir, "spool"));
  await writeFile(join(dir, "spool", file), "garbage\nmore\n", { flag: "a" });
  expect(await run("--since", "2026-01-31")).toBe(0);
  expect(said.text).toContain(`2 lines are no events, the first at ${file}:2`);
});

test.skipIf(isRedisMissing)(`from a stream in Redis${whyNoRedis}`, async () => {
  await using redis = await startRedis({ config: ["appendfsync always", "requirepass sesame"] });
  await writeFile(join(dir, "password"), "sesame\n");
  const address = parseStoreAddress(redis.url);
  const sink = await openStream({ address, password: "sesame", syncMs: 0 });
  for (const number of [1, 2, 1]) await sink.append(eventOf(number));
  await sink.close();
  const access = ["--from", redis.url, "--password-file", join(dir, "password")];
  const args = [...access, "--since", "2026-01-31", "--out", out()];
  expect(await exportFeedback.run(args)).toBe(0);
  expect(await ids()).toEqual(["e1", "e2"]);
});

test("what fails leaves the file as it was, and nothing beside it", async () => {
  await writeFile(out(), "as it was");
  expect(await run()).toBe(1);
  expect(said.text).toContain("ENOENT");
  await spool(eventOf(1));
  const before = await readdir(dir);
  expect(await exportFeedback.run(["--from", join(dir, "spool"), "--out", join(dir, "no/x")])).toBe(
    1,
  );
  expect(await readFile(out(), "utf8")).toBe("as it was");
  expect(await readdir(dir)).toEqual(before);
});

test("a folder without feedback is said, and the one inside that is meant", async () => {
  await writeFile(out(), "as it was");
  await spool(eventOf(1));
  expect(await exportFeedback.run(["--from", dir, "--out", out()])).toBe(1);
  expect(said.text).toContain(`no feedback files in ${dir}; there are in ${join(dir, "spool")}\n`);
  await rm(join(dir, "spool"), { recursive: true });
  said.text = "";
  expect(await exportFeedback.run(["--from", dir, "--out", out()])).toBe(1);
  expect(said.text).toContain(`no feedback files in ${dir}\n`);
  expect(await readFile(out(), "utf8")).toBe("as it was");
});

test.each([
  [["--form", "x"], "--form is no setting; did you mean --from?"],
  [["--since", "yesterday"], '--since is "yesterday"; it must be how long ago'],
  [["--since", "1d", "--until", "2d"], "--since is not before --until"],
  [["--since"], "--since needs a value"],
  [["--since"], "crossfade feedback export is called wrongly:"],
])("%j is refused", async (args, says) => {
  expect(await run(...args)).toBe(2);
  expect(said.text).toContain(says);
});

function cli(...args: readonly string[]) {
  return spawnSync(process.execPath, ["--import", "tsx", "cli/crossfade.ts", "feedback", ...args], {
    cwd: new URL("../..", import.meta.url),
    encoding: "utf8",
  });
}

test("the command as it is called, to standard output", async () => {
  await spool(eventOf(1));
  const from = ["--from", join(dir, "spool"), "--since", "2026-01-31", "--out", "-"];
  const { status, stdout } = cli("export", ...from);
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^\{"user":"u1",.*\}\n$/)]);
  expect(cli("exprot").stderr).toContain('no command "exprot"; did you mean "export"?');
});
