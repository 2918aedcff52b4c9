import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { openFolder } from "./open-server.fixture.ts";

const run = promisify(execFile);
const cwd = new URL("..", import.meta.url);

interface Demo {
  /** Until it serves. */
  readonly printed: string;
  readonly admin: string;
  interrupt(): Promise<void>;
}

async function startDemo(state: string, ...more: readonly string[]): Promise<Demo> {
  const names = ["port", "http-port", "metrics-port", "admin-port", "admin-http-port"];
  const ports = names.flatMap((name) => [`--${name}`, "0"]);
  const args = ["--import", "tsx", "scripts/demo.ts", "--state", state, ...ports, ...more];
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const closed = once(child, "close");
  let [printed, complained] = ["", ""];
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complained += text));
  for await (const text of child.stdout.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    printed += text as string;
    if (printed.includes("Serving until Ctrl-C.")) break;
  }
  child.stdout.resume();
  const [, admin] = /^admin +(127\.0\.0\.1:\d+) /m.exec(printed) ?? [];
  if (admin === undefined) throw new Error(`it does not serve:\n${printed}${complained}`);
  return {
    printed,
    admin,
    async interrupt() {
      child.kill("SIGINT");
      await closed;
    },
  };
}

const nobodyHas = {
  format: 1,
  model: "playlists",
  revision: 1,
  salt: "demo",
  arms: [{ name: "stable", version: "99", weight: 10_000, ranges: [[0, 10_000]] }],
};

/** Five tracks that the listener has not played, best first, with their titles. */
const nextToPlay =
  /^What to play next, after .* \(version \d on cpu-\w+\)\n(?: +\d+\.\d{3} {2}t\d+ +\S.* by \S.*\n){5}/m;
/** One track known, one matched, two new; then those two alone; then the route that has nothing but names. */
const byNames = new RegExp(
  [
    /^What belongs to a playlist, ".*" {2}\(version 1 on cpu-\w+, 1 known, 1 matched, 2 new\)\n/,
    /(?: +-?\d+\.\d{3} {2}t\d+ +\S.* by \S.*\n){5}(?: +given .*\n){4}\n/,
    /Of songs that nobody has seen {2}\(version 1 on cpu-\w+, cold start, 0 known, 0 matched, 2 new\)\n/,
    /(?: +-?\d+\.\d{3} {2}t\d+ +\S.* by \S.*\n){5}(?: +given .*\n){2}\n/,
    /POST \/predict \{"tracks":\[.*\]\}\n\{"recommended_tracks":\[\{"track_name":".+","artist_name":".+"\}/,
  ]
    .map(({ source }) => source)
    .join(""),
  "m",
);
const armsOfTracks =
  /^1000 listeners in one call, tracks\n +[89]\d\d {2}stable, version 1, .*\n +1?\d\d {2}canary, version 2, /m;

test("the demo starts with a rollout to a version that is not there, and says what to do", async () => {
  await using folder = await openFolder();
  const state = join(folder.path, "state");
  const file = join(folder.path, "rollout.json");
  await writeFile(file, JSON.stringify(nobodyHas));
  const first = await startDemo(state);
  expect(first.printed).toContain("version 2, cpu-");
  expect(first.printed).toMatch(nextToPlay);
  expect(first.printed).toMatch(byNames);
  expect(first.printed).toMatch(armsOfTracks);
  const args = ["rollout", "apply", "-f", file, "-m", "a typo", "--admin", first.admin];
  await run("bin/crossfade", args, { cwd });
  await first.interrupt();

  const second = await startDemo(state);
  await second.interrupt();
  expect(second.printed).toMatch(/A call failed: .*99/);
  expect(second.printed).toMatch(/stable +99 +10000bp/);
  expect(second.printed).toContain("npm run demo -- --fresh");
  expect(second.printed).toContain("rollout undo playlists");

  const third = await startDemo(state, "--fresh");
  await third.interrupt();
  expect(third.printed).not.toContain("A call failed");
  expect(third.printed).toContain("version 2, cpu-");
}, 120_000);
