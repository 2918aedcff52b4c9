import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBucketOf } from "../router/bucket.ts";
import { openChannel } from "../transport/open.ts";
import { runCrossfade, type Running } from "./run-crossfade.fixture.ts";
import {
  armsOf,
  firstDocument,
  openTwoVersions,
  type TwoVersions,
} from "./two-versions.fixture.ts";

let scene: TwoVersions;
let router: Running;
let grpc: string;
let admin: string;

beforeAll(async () => {
  scene = await openTwoVersions();
  const ports = ["port", "http-port", "metrics-port", "admin-port", "admin-http-port"];
  const free = ports.flatMap((name) => [`--${name}`, "0"]);
  const state = join(scene.folder.path, "state");
  router = runCrossfade(["route", ...scene.flags, ...free, "--state", state]);
  const listening = await router.logged("listening");
  grpc = String(listening["grpc"]);
  admin = `127.0.0.1:${String(listening["adminPort"])}`;
});

afterAll(async () => {
  await router[Symbol.asyncDispose]();
  await scene[Symbol.asyncDispose]();
});

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const command = ["--import", "tsx", "cli/crossfade.ts", "rollout"];
const started = () => ({
  cwd: new URL("..", import.meta.url),
  env: { ...process.env, CROSSFADE_ADMIN: admin },
});

/** As a person would type it. */
function rollout(...args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...command, ...args], started(), (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

/** The users that u0, u1, … are, by how they would be in a canary of that many basis points. */
function expectedArms(canary: number, users: number): readonly string[] {
  const bucketOf = createBucketOf(firstDocument.salt);
  return Array.from({ length: users }, (_, i) =>
    bucketOf(Buffer.from(`user-${i}`)) >= 10_000 - canary ? "canary" : "stable",
  );
}

const users = 500;

async function arms(): Promise<readonly string[]> {
  using channel = openChannel(grpc);
  return await armsOf(channel, users);
}

test("one command moves exactly the users that it says, and another one brings them back", async () => {
  const before = await arms();
  expect(before).toEqual(expectedArms(3_000, users));
  const set = await rollout("set", "weight", "canary=5%", "toy", "--reason", "too hot", "--wait");
  expect(set).toMatchObject({ code: 0, stderr: "" });
  expect(set.stdout).toContain("toy   revision 1 -> 2\n");
  expect(set.stdout).toContain("2500bp (25%) of the users get another version");
  expect(set.stdout).toContain("the only router has it, and nothing contradicts it");
  expect(await arms()).toEqual(expectedArms(500, users));
  const back = await rollout("undo", "toy", "-m", "was fine", "--wait");
  expect(back.stdout).toContain("revision 2 -> 3");
  expect(await arms()).toEqual(before);
});

test("what is piped has no colours, and machines can read it", async () => {
  const [get, json] = await Promise.all([rollout("get"), rollout("get", "toy", "-o", "json")]);
  expect(get.stdout).toMatch(/^toy {3}revision 3 {3}steady, by hand\n\nARM/);
  expect(get.stdout).toMatch(/canary +2 +3000bp +\d+ +[\d.]+%/);
  expect(get.stdout).not.toContain("\u001B");
  expect(JSON.parse(json.stdout)).toMatchObject({ rollout: { model: "toy" } });
});

test("called wrongly it exits with 2, refused with 1", async () => {
  const wrong = await rollout("set", "wieght", "canary=5%");
  expect(wrong).toMatchObject({ code: 2, stdout: "" });
  expect(wrong.stderr).toContain("did you mean set weight?");
  const refused = await rollout("pause", "toy", "-m", "x");
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(refused.stderr).toContain("FAILED_PRECONDITION: cannot pause toy");
  const help = await rollout("abort", "--help");
  expect(help).toMatchObject({ code: 0, stderr: "" });
  expect(help.stdout).toContain("Takes everybody back to the stable arm.");
});

test("get -w goes on until it is interrupted, and then has done its work", async () => {
  const { cwd, env } = started();
  const args = [...command, "get", "toy", "-w", "-o", "json"];
  const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  await once(child.stdout, "data");
  child.kill("SIGINT");
  expect(await closed).toEqual([0, null]);
});
