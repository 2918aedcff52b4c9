import { execFile } from "node:child_process";
import { once } from "node:events";
import { access, mkdir, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { ServingError } from "../proto/serving-error.ts";
import { listenerId } from "../loadtest/world/create-world.ts";
import { openChannel } from "../transport/open.ts";
import { recommend } from "./calls.fixture.ts";
import { openFolder } from "./open-server.fixture.ts";
import { runCrossfade } from "./run-crossfade.fixture.ts";
import { buildSmallBundle } from "./small-bundle.fixture.ts";

const run = promisify(execFile);
const cwd = new URL("..", import.meta.url);

test("SIGTERM: what was asked is answered, then the process ends with 0", async () => {
  await using folder = await openFolder();
  await buildSmallBundle(join(folder.path, "playlists/1"));
  await using server = runCrossfade([
    "serve",
    "--models",
    folder.path,
    "--port",
    "0",
    "--http-port",
    "0",
    "--metrics-port",
    "0",
  ]);
  const { grpc } = await server.logged("listening");
  await server.logged("model loaded");
  const channel = openChannel(String(grpc));

  // Callers that go on until the server has gone; whoever is refused must have been refused as "try elsewhere".
  let answered = 0;
  const refusals: ServingError[] = [];
  const callUntilGone = async () => {
    while (refusals.length === 0) {
      await recommend(channel, { userId: listenerId(answered % 100) }).then(
        () => (answered += 1),
        (error: unknown) => refusals.push(error as ServingError),
      );
      // Once: a second signal would end it at once.
      if (answered >= 100 && !server.child.killed) server.child.kill("SIGTERM");
    }
  };
  await Promise.all(Array.from({ length: 4 }, callUntilGone));
  channel.close();
  expect(await server.exited).toBe(0);
  expect(answered).toBeGreaterThanOrEqual(100);
  expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set([14]));
  expect(server.log.at(-1)).toContain('"stopped"');
});

test("a configuration with several mistakes: all of them at once, exit code 2", async () => {
  await using folder = await openFolder();
  const file = join(folder.path, "crossfade.json");
  await writeFile(file, JSON.stringify({ metricsPorts: 1, pollMs: "soon" }));
  await using server = runCrossfade([
    "serve",
    "--config",
    file,
    "--prot",
    "1",
    "--variant",
    "int8",
  ]);
  expect(await server.exited).toBe(2);
  const text = server.log.join("\n");
  for (const mistake of ["metricsPorts", "metricsPort", "soon", "--prot", "--port", "int8"]) {
    expect(text).toContain(mistake);
  }
});

const freePorts = ["port", "http-port", "metrics-port"].flatMap((name) => [`--${name}`, "0"]);

test("files that are not there: all of them at once, before anything listens, exit code 2", async () => {
  await using folder = await openFolder();
  const tokens = join(folder.path, "tokens");
  await writeFile(tokens, '{"name":"ann"}\n');
  const wrong = ["--models", "/no/such/folder", "--distributions", "/no/weights.json"];
  const admin = ["--admin-port", "0", "--admin-tokens", tokens];
  await using server = runCrossfade(["serve", ...wrong, ...admin, ...freePorts]);
  expect(await server.exited).toBe(2);
  const text = server.log.join("\n");
  expect(text).toContain("- --models is /no/such/folder: it is not there");
  expect(text).toContain("- --distributions is /no/weights.json: it is not there");
  expect(text).toContain(`- --admin-tokens: ${tokens} cannot be used`);
  expect(text).not.toContain("listening");
});

test("a router with a broken file of tokens writes nothing to its store", async () => {
  await using folder = await openFolder();
  const tokens = join(folder.path, "tokens");
  const state = join(folder.path, "state");
  await writeFile(tokens, "nonsense\n");
  const admin = ["--admin-port", "0", "--admin-http-port", "0", "--admin-tokens", tokens];
  const args = ["--servers", "127.0.0.1:1", "--state", state, ...admin, ...freePorts];
  await using router = runCrossfade(["route", ...args]);
  expect(await router.exited).toBe(2);
  expect(router.log.join("\n")).toContain("--admin-tokens: ");
  await expect(access(state)).rejects.toThrow("ENOENT");
});

test("a taken port: a sentence that names the setting, no stack, exit code 1", async () => {
  await using folder = await openFolder();
  await mkdir(join(folder.path, "models"));
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  const args = ["serve", "--models", join(folder.path, "models"), ...freePorts.slice(0, 4)];
  await using server = runCrossfade([...args, "--metrics-port", String(port)]);
  expect(await server.exited).toBe(1);
  const { reason } = await server.logged("cannot start");
  expect(reason).toBe(`--metrics-port ${port} is taken on 127.0.0.1: give another, or off`);
  expect(server.log.join("\n")).not.toContain("    at ");
  await using told = runCrossfade([...args, "--metrics-port", String(port), "--log-level=debug"]);
  expect(await told.exited).toBe(1);
  expect(told.log.join("\n")).toContain("EADDRINUSE");
  expect(told.log.join("\n")).toContain("    at ");
  taken.close();
});

test("doctor finds that the CPU works", async () => {
  const { stdout } = await run("npm", ["run", "-s", "crossfade", "--", "doctor", "--json"], {
    cwd,
  });
  const { providers } = JSON.parse(stdout) as {
    providers: { provider: string; finding: object }[];
  };
  expect(providers.find(({ provider }) => provider === "cpu")!.finding).toMatchObject({
    works: true,
  });
});

test("an unknown command names the nearest one", async () => {
  await using command = runCrossfade(["serv"]);
  expect(await command.exited).toBe(2);
  expect(command.log.join("\n")).toContain('did you mean "serve"?');
});

test("the demo makes one call of each kind", async () => {
  const { stdout } = await run("npm", ["run", "-s", "demo", "--", "--once"], { cwd });
  expect(stdout).toContain("playlists 1: two-tower");
  expect(stdout).toContain("cold start");
  expect(stdout).toContain("INVALID_ARGUMENT: user_id has a NUL character");
});
