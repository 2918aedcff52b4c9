import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { expect, test, vi } from "vitest";
import type { Claim } from "../loadtest/scenarios/scenario.ts";

/** Starts several processes each, on machines that may be busy. */
vi.setConfig({ testTimeout: 90_000 });

const root = new URL("..", import.meta.url);

/** As a person would start it: it starts servers of its own command. */
function start(args: readonly string[]) {
  const command = ["--import", "tsx", "cli/crossfade.ts", "loadtest", "scenario", ...args];
  const child = spawn(process.execPath, command, { cwd: root, stdio: "pipe" });
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const told = createInterface(child.stderr);
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, printed }));
  return { child, told, ended };
}

/** Small and slow enough for a machine that does other things as well. */
const small = ["--for-scale", "0.1", "--capacity", "400/s", "-o", "json"];

async function play(name: string) {
  const { told, ended } = start([name, ...small]);
  let complained = "";
  told.on("line", (line) => (complained += `${line}\n`));
  const { code, printed } = await ended;
  expect(printed, complained).not.toBe("");
  const { outcome, claims } = JSON.parse(printed) as {
    outcome: string;
    claims: readonly Claim[];
  };
  // A busy machine proves nothing; it breaks no invariant but those of time.
  expect(outcome === "invalid" ? [2] : [0, 1]).toContain(code);
  // What was found is told with what broke.
  return Object.fromEntries(
    claims.map(({ says, holds, found }) => [says, holds === false ? found : holds]),
  );
}

test("no call fails while a new version takes over", async () => {
  expect(await play("hot-swap")).toEqual({
    "version 2 takes over": true,
    "no call fails": true,
    "no answer is degraded": true,
  });
});

test("users stay on their arms while the canary's weight changes", async () => {
  expect(await play("canary-flip")).toMatchObject({
    "what was to be done was done": true,
    "no call fails": true,
    "between two changes every user stays on his arm": expect.toBeOneOf([true, "unknown"]),
    "raising a weight moves users to the canary only, lowering it only back": true,
  });
});

test("interrupted, nothing that it started is left", async () => {
  const { child, told, ended } = start(["steady", "--for-scale", "10", "--capacity", "100/s"]);
  for await (const line of told) if (line.includes("warming up")) break;
  const children = childrenOf(child.pid!);
  expect(children.length).toBeGreaterThan(0);
  child.kill("SIGINT");
  const { code, printed } = await ended;
  expect(code).toBe(2);
  expect(printed).toContain("INVALID");
  expect(children.filter((pid) => commandOf(pid).includes("serve"))).toEqual([]);
});

function childrenOf(parent: number): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number {
  const stat = readProc(`${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}

function commandOf(pid: number): string {
  return readProc(`${pid}/cmdline`);
}

function readProc(name: string): string {
  try {
    return readFileSync(`/proc/${name}`, "utf8");
  } catch {
    return "";
  }
}
