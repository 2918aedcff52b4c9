import { expect, test } from "vitest";
import type { RunProgress } from "../run-progress.ts";
import { histogramOf } from "../sample-result.fixture.ts";
import { beginView, nextView } from "./live-view.ts";
import { renderLine, renderLive } from "./render-live.ts";
import { showLive, type LiveStream } from "./show-live.ts";

function progressAt(seconds: number, more: Partial<RunProgress> = {}): RunProgress {
  const due = Math.max(0, 1_000 * seconds);
  return {
    elapsedMs: 1_000 * seconds,
    leftMs: 60_000 - 1_000 * Math.max(0, seconds),
    due,
    sent: due,
    ok: due,
    failed: 0,
    inFlight: 12,
    codes: {},
    arms: { stable: 0.9 * due, canary: 0.1 * due },
    latency: histogramOf([4, 5, 6, 5 + seconds]),
    lagMs: 0.31,
    ...more,
  };
}

const seen = [0.5, 1, 1.5, 2].map((seconds) => progressAt(seconds));
const view = seen.reduce(nextView, beginView("playlists, 1,000/s for 1 min 00 s"));

test("shows rate, latency, errors, arms and the time that is left", () => {
  expect(renderLive(view, { width: 100, hasColor: false })).toEqual([
    "playlists, 1,000/s for 1 min 00 s",
    "█░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  2 s, 58 s left",
    "rate       1,000/s  due 1,000/s, in flight 12           ████",
    "p50        5.00 ms  run 5.00 ms",
    "p99        7.00 ms  run 7.00 ms                         ▇▇██",
    "errors          0%",
    "arms    stable 90.00%, canary 10.00%",
    "lag       0.310 ms",
  ]);
});

test("rates and latencies are those of the moment, beside those of the run", () => {
  const late = histogramOf(Array.from({ length: 50 }, () => 900));
  const slow = [2.5, 3, 3.5, 4].map((seconds) =>
    progressAt(seconds, { ok: 1_900 + 40 * seconds, due: 1_000 * seconds, latency: late }),
  );
  const [, , rate, p50] = renderLive(slow.reduce(nextView, view), { width: 60, hasColor: false });
  expect(rate).toMatch(/^rate {8}40.0\/s {2}due 1,000\/s/);
  expect(p50).toBe("p50         900 ms  run 900 ms");
});

test("no line is wider than the terminal, and nothing that a server sent steers it", () => {
  const failing = nextView(
    view,
    progressAt(2.5, {
      failed: 300,
      codes: { "UNAVAILABLE\x1b[2J": 200, RESOURCE_EXHAUSTED: 100 },
      arms: { ["x\n".repeat(80)]: 5, stable: 9 },
      lagMs: 9,
    }),
  );
  for (const width of [1, 5, 12, 30, 45, 60, 80, 120, 250]) {
    for (const line of renderLive(failing, { width, hasColor: false })) {
      expect(Array.from(line).length).toBeLessThanOrEqual(width);
      expect(line).not.toMatch(/\p{Cc}/u);
    }
  }
  expect(renderLine(failing)).not.toMatch(/\p{Cc}/u);
  const lines = renderLive(failing, { width: 80, hasColor: true });
  expect(lines.filter((line) => line.startsWith("\x1b[31m"))).toEqual([
    expect.stringContaining("10.71%  200 UNAVAILABLE [2J, 100 RESOURCE_EXHAUSTED"),
    expect.stringContaining("9.00 ms  the generator is late"),
  ]);
});

function streamOf(shape: Partial<LiveStream>) {
  const written: string[] = [];
  return { ...shape, written, write: (text: string) => written.push(text) };
}

test("on a terminal it is drawn in place and taken away at the end", () => {
  const stream = streamOf({ isTTY: true, columns: 60, rows: 5 });
  const live = showLive({ stream, env: { NO_COLOR: "1" }, title: "playlists" });
  for (const seconds of [-1, 0.5]) live.show(progressAt(seconds));
  live.end();
  const [warmUp, running, end] = stream.written;
  expect(warmUp).toBe("playlists\x1b[K\nwarming up, 1 s left\x1b[K\n\x1b[J");
  // Two lines up; four lines, since the terminal has five.
  expect(running).toBe(
    [
      "\x1b[2A\rplaylists",
      `${"░".repeat(34)}  500 ms, 1 min 00 s left`,
      "rate       1,000/s  due 1,000/s, in flight 12",
      "p50        5.00 ms  run 5.00 ms",
      "\x1b[J",
    ].join("\x1b[K\n"),
  );
  expect(end).toBe("\x1b[4A\r\x1b[J");
  expect(stream.written.join("")).not.toContain("\x1b[3");
});

test("elsewhere a line is written every five seconds, and at the end", () => {
  for (const [shape, env] of [
    [{}, {}],
    [{ isTTY: true }, { TERM: "dumb" }],
  ] as const) {
    const stream = streamOf(shape);
    const live = showLive({ stream, env, title: "playlists" });
    for (let seconds = -2; seconds <= 11; seconds += 0.5) live.show(progressAt(seconds));
    live.show(progressAt(11.5, { leftMs: 0 }));
    live.end();
    expect(stream.written.map((line) => line.split("  ")[0])).toEqual([
      "warming up, 2 s left\n",
      "3 s",
      "8 s",
      "12 s",
    ]);
    expect(stream.written[1]).toBe(
      "3 s  1,000/s  p50 5.00 ms  p99 8.00 ms  errors 0%  in flight 12  stable 90.00%  canary 10.00%  57 s left\n",
    );
  }
});
