import { execFileSync, fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  appendFile,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { Code } from "../../../proto/serving-error.ts";
import { eventOf, gather } from "../event.fixture.ts";
import { testFeedbackSink } from "../feedback-sink.contract.ts";
import { silentFeedbackMeter, type Kept } from "../feedback-meter.ts";
import { openSpoolFile, type SpoolFile } from "./spool-file.ts";
import { openSpool } from "./spool.ts";
import { openSpoolPlace, type SpoolPlace } from "./spool.fixture.ts";

testFeedbackSink(openSpoolPlace);

const files = async ({ dir }: SpoolPlace) => (await readdir(dir)).sort();
const refusal = (code: Code) => expect.objectContaining({ code });

async function readIds(place: SpoolPlace, bad: string[] = []): Promise<string[]> {
  await using source = place.openSource();
  const events = await gather(source.read({ sinceMs: 0, onBad: (where) => bad.push(where) }));
  return events.map(({ eventId }) => eventId);
}

test("a line is JSON with the names of the contract", async () => {
  await using place = await openSpoolPlace();
  const sink = await place.open();
  await sink.append(eventOf(1, { others: ["p2"] }));
  await sink.close();
  const [file] = await files(place);
  expect(await readFile(join(place.dir, file!), "utf8")).toBe(
    '{"event_id":"e1","recommendation_id":"r1","user":"u1","liked":"p1","others":["p2"],' +
      '"time":"2026-01-31T12:00:00.750Z","received":"2026-01-31T12:00:01.000Z"}\n',
  );
});

test("a torn last line is passed over, wherever it was torn, and nobody writes behind it", async () => {
  await using place = await openSpoolPlace();
  const first = await place.open();
  for (let i = 0; i < 3; i++) await first.append(eventOf(i));
  await first.close();
  const [file] = await files(place);
  const path = join(place.dir, file!);
  const { size } = await stat(path);
  for (const torn of [1, 2, 50, 100]) {
    await truncate(path, size - torn);
    expect(await readIds(place)).toEqual(["e0", "e1"]);
  }
  const next = await place.open();
  await next.append(eventOf(2));
  await next.close();
  const bad: string[] = [];
  expect(await readIds(place, bad)).toEqual(["e0", "e1", "e2"]);
  expect(bad).toEqual([]);
});

test("what is no event is told of with its place, and the rest is read", async () => {
  await using place = await openSpoolPlace();
  const sink = await place.open();
  await sink.append(eventOf(0));
  await sink.close();
  const [file] = await files(place);
  const path = join(place.dir, file!);
  const whole = await readFile(path, "utf8");
  const lines = ["\0\0\0", "7", "{}", '{"event_id":"e1"}', "x".repeat(2 ** 20 + 1), whole.trim()];
  await appendFile(path, `${lines.join("\n")}\n`);
  const bad: string[] = [];
  expect(await readIds(place, bad)).toEqual(["e0", "e0"]);
  expect(bad).toEqual([2, 3, 4, 5, 6].map((line) => `${basename(path)}:${line}`));
});

test("other files in the folder are left alone", async () => {
  await using place = await openSpoolPlace({ keepMs: 0 });
  await writeFile(join(place.dir, "notes.txt"), "mine");
  await mkdir(join(place.dir, "rows.jsonl"));
  const sink = await place.open();
  await sink.append(eventOf(1));
  await sink.close();
  expect(await files(place)).toEqual([
    expect.stringMatching(/^\d{13}-/),
    "notes.txt",
    "rows.jsonl",
  ]);
});

test("a file that is full or old is followed by another", async () => {
  let nowMs = 1_000_000;
  await using place = await openSpoolPlace({
    maxFileBytes: 500,
    maxFileMs: 60_000,
    now: () => nowMs,
  });
  const sink = await place.open();
  for (let i = 0; i < 4; i++) await sink.append(eventOf(i));
  expect(await files(place)).toHaveLength(2);
  nowMs += 60_001;
  await sink.append(eventOf(4));
  expect(await files(place)).toHaveLength(3);
  await sink.close();
  expect(await readIds(place)).toEqual(["e0", "e1", "e2", "e3", "e4"]);
});

test("a full spool refuses, and takes more when files have become old and are removed", async () => {
  await using place = await openSpoolPlace({ maxBytes: 400, keepMs: 86_400_000 });
  const sink = await place.open();
  for (let i = 0; i < 2; i++) await sink.append(eventOf(i));
  await expect(sink.append(eventOf(2))).rejects.toEqual(refusal(Code.RESOURCE_EXHAUSTED));
  await sink.close();
  const reopened = await place.open();
  await expect(reopened.append(eventOf(2))).rejects.toEqual(refusal(Code.RESOURCE_EXHAUSTED));
  await reopened.close();
  const [file] = await files(place);
  await utimes(join(place.dir, file!), 0, Date.now() / 1_000 - 86_401);
  const later = await place.open();
  await later.append(eventOf(2));
  await later.close();
  expect(await readIds(place)).toEqual(["e2"]);
});

/** A real file whose next append fails, before or after it wrote. */
function createFaultyFiles() {
  let fault: { readonly code: string; readonly after: "nothing" | "writing" } | undefined;
  return {
    failNext: (code: string, after: "nothing" | "writing") => void (fault = { code, after }),
    openFile: async (path: string): Promise<SpoolFile> => {
      const file = await openSpoolFile(path);
      return {
        ...file,
        async append(data) {
          const now = fault;
          fault = undefined;
          if (now === undefined) return file.append(data);
          if (now.after === "writing") await file.append(data.subarray(0, data.length / 2));
          await file.close();
          throw Object.assign(new Error(`${now.code}: fault`), { code: now.code });
        },
      };
    },
  };
}

test.each([
  ["ENOSPC", "nothing", Code.RESOURCE_EXHAUSTED],
  ["EDQUOT", "writing", Code.RESOURCE_EXHAUSTED],
  ["EIO", "nothing", Code.UNAVAILABLE],
  ["EIO", "writing", Code.UNAVAILABLE],
] as const)(
  "%s after %s: refused as a whole, and the next is kept in another file",
  async (code, after, expected) => {
    const faulty = createFaultyFiles();
    await using place = await openSpoolPlace({ openFile: faulty.openFile });
    const sink = await place.open();
    await sink.append(eventOf(0));
    faulty.failNext(code, after);
    const failing = [1, 2].map((number) => sink.append(eventOf(number)));
    for (const one of failing) await expect(one).rejects.toEqual(refusal(expected));
    await sink.append(eventOf(1));
    await sink.close();
    expect(await readIds(place)).toContain("e0");
    expect(await readIds(place)).toContain("e1");
    expect(await files(place)).toHaveLength(2);
  },
);

test("files that are removed while they are read are passed over", async () => {
  let nowMs = 1_000_000;
  await using place = await openSpoolPlace({ maxFileBytes: 1, now: () => (nowMs += 1_000) });
  const sink = await place.open();
  for (let i = 0; i < 3; i++) await sink.append(eventOf(i));
  await sink.close();
  const read: string[] = [];
  for await (const { eventId } of place.openSource().read({ sinceMs: 0 })) {
    read.push(eventId);
    if (read.length === 1) for (const file of await files(place)) await rm(join(place.dir, file));
  }
  expect(read).toEqual(["e0"]);
});

test("kill -9 in the middle: what was acknowledged is there, in order", async () => {
  await using place = await openSpoolPlace();
  for (const round of [1, 2]) {
    const child = fork(new URL("spool-puppet-process.ts", import.meta.url), [place.dir], {
      execArgv: ["--import", "tsx"],
    });
    const acknowledged: string[] = [];
    child.on("message", (id: string) => {
      acknowledged.push(id);
      if (acknowledged.length === 500) child.kill("SIGKILL");
    });
    await once(child, "exit");
    const kept = (await readIds(place)).filter((id) => id.startsWith(`${child.pid}-`));
    expect(kept.slice(0, acknowledged.length)).toEqual(acknowledged);
    expect(await files(place)).toHaveLength(round);
  }
});

test("what goes to a file that somebody removed is refused, and the next is kept", async () => {
  await using place = await openSpoolPlace();
  const sink = await place.open();
  await sink.append(eventOf(0));
  for (const file of await files(place)) await rm(join(place.dir, file));
  await expect(sink.append(eventOf(1))).rejects.toEqual(refusal(Code.UNAVAILABLE));
  await sink.append(eventOf(1));
  await sink.close();
  expect(await readIds(place)).toEqual(["e1"]);
});

test("a folder that cannot be written to is said at the start", async () => {
  await using place = await openSpoolPlace();
  const file = join(place.dir, "file");
  await writeFile(file, "");
  await expect(openSpool({ dir: file })).rejects.toThrow(/EEXIST|ENOTDIR/);
});

const mayMount = process.getuid?.() === 0 && spawnSync("unshare", ["-m", "true"]).status === 0;
const whyNoDisk = mayMount ? "" : " (skipped: only root may mount a small disk)";

test.skipIf(!mayMount)(
  `a disk that fills up: what was acknowledged is there, the rest was refused${whyNoDisk}`,
  async () => {
    await using place = await openSpoolPlace();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", place.dir]);
    try {
      const sink = await place.open();
      const kept: string[] = [];
      for (let i = 0; i < 1_000; i++) {
        const outcome = await sink.append(eventOf(i)).then(
          () => "kept",
          (error: { code: Code }) => error.code,
        );
        if (outcome === "kept") kept.push(`e${i}`);
        else expect(outcome).toBe(Code.RESOURCE_EXHAUSTED);
      }
      await sink.close();
      expect(kept.length).toBeGreaterThan(100);
      expect(kept.length).toBeLessThan(1_000);
      expect(await readIds(place)).toEqual(kept);
    } finally {
      execFileSync("umount", [place.dir]);
    }
  },
);

test("tells its meter what became durable and how full it is", async () => {
  const told: Kept[] = [];
  const groups: number[] = [];
  await using place = await openSpoolPlace({
    maxBytes: 10_000,
    meter: {
      ...silentFeedbackMeter,
      kept: (kept) => void told.push(kept),
      synced: ({ events }) => void groups.push(events),
    },
  });
  const sink = await place.open();
  await Promise.all(Array.from({ length: 10 }, (_, i) => sink.append(eventOf(i))));
  await sink.close();
  const [file] = await files(place);
  const { size } = await stat(join(place.dir, file!));
  expect(groups.reduce((sum, events) => sum + events, 0)).toBe(10);
  expect(told.at(-1)).toEqual({ sink: "spool", bytes: size, maxBytes: 10_000 });
});
