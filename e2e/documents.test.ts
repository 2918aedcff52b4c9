import { execFile, spawnSync } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, dirname } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveSchema } from "../server/config/serve-schema.ts";
import { findGrpcurl } from "./grpcurl.ts";
import { openFolder, openServer, type Folder, type OpenServer } from "./open-server.fixture.ts";
import { runCrossfade } from "./run-crossfade.fixture.ts";
import { buildSmallBundle } from "./small-bundle.fixture.ts";

const run = promisify(execFile);
const root = new URL("..", import.meta.url);
let folder: Folder;
let server: OpenServer;

beforeAll(async () => {
  folder = await openFolder();
  await buildSmallBundle(`${folder.path}/playlists/1`);
  server = await openServer(["--models", folder.path]);
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

test("the usage that the README shows prints three playlists", async () => {
  const readme = await readFile(new URL("README.md", root), "utf8");
  const [, usage] = /```ts\n(.*?)```/s.exec(readme)!;
  // Inside the repository, where its imports resolve.
  const file = new URL(".crossfade/readme-usage.ts", root);
  await mkdir(new URL(".", file), { recursive: true });
  await writeFile(file, usage!.replace("localhost:8500", server.serving.address));
  try {
    const { stdout } = await run("npx", ["tsx", file.pathname], { cwd: root });
    expect(stdout.trim().split("\n")).toEqual(
      Array(3).fill(expect.stringMatching(/^p\d+ -?\d+\.\d\d \S/)),
    );
  } finally {
    await rm(file);
  }
});

// Where it may not be missing, it is not skipped: the test then fails for want of it.
const hasCurl = spawnSync("curl", ["--version"]).status === 0;
const isCurlSkipped = !hasCurl && !process.env["CI"];
const whyNoCurl = isCurlSkipped ? " (skipped: no curl here; npm test says how to get it)" : "";

test.skipIf(isCurlSkipped)(`the curl line of the README gets three items${whyNoCurl}`, async () => {
  const readme = await readFile(new URL("README.md", root), "utf8");
  const [, line] = /```sh\n(curl .*?)```/s.exec(readme)!;
  const here = line!.replace("localhost:8501", `127.0.0.1:${server.serving.httpPort}`);
  const { stdout } = await run("sh", ["-c", here]);
  expect(JSON.parse(stdout)).toMatchObject({
    items: Array.from({ length: 3 }, () => ({ id: expect.stringMatching(/^p\d+$/) })),
    served: { model: "playlists", coldStart: false },
  });
});

test("examples/recommend.ts prints five playlists, and who answered", async () => {
  const { stdout } = await run(
    "npx",
    ["tsx", "examples/recommend.ts", server.serving.address, "u42"],
    { cwd: root },
  );
  const [served, ...items] = stdout.trimEnd().split("\n");
  expect(served).toMatch(/^playlists 1 on cpu-(fp32|qint8)$/);
  expect(items).toHaveLength(5);
});

test("examples/recommend.ts says what was wrong and exits with 1", async () => {
  const failed = run(
    "npx",
    ["tsx", "examples/recommend.ts", server.serving.address, "u42", "films"],
    { cwd: root },
  );
  await expect(failed).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('NOT_FOUND: no model "films"'),
  });
});

// Where it may not be missing, it is not skipped: the test then fails for want of it.
const grpcurl = findGrpcurl();
const isSkipped = grpcurl === undefined && !process.env["CI"];
const reason = isSkipped ? " (skipped: no grpcurl here; npm test says how to get it)" : "";

test.skipIf(isSkipped)(
  `examples/recommend.sh finds services, health and recommendations${reason}`,
  async () => {
    const env = { ...process.env, PATH: `${dirname(grpcurl!)}${delimiter}${process.env["PATH"]}` };
    const { stdout } = await run("examples/recommend.sh", [server.serving.address, "u42"], {
      cwd: root,
      env,
    });
    expect(stdout).toContain("crossfade.v1.RecommenderService");
    expect(stdout).toContain("grpc.health.v1.Health");
    expect(stdout).toContain('"SERVING"');
    expect(stdout.match(/"title": "/g)).toHaveLength(5);
  },
);

test("the router and the rollout of the README work line by line, beside the server above", async () => {
  await buildSmallBundle(`${folder.path}/playlists/2`);
  const readme = await readFile(new URL("README.md", root), "utf8");
  const [, section] = /\n## Route\n(.*?)\n## /s.exec(readme)!;
  const blocks = Array.from(section!.matchAll(/```sh\n(.*?)\n```/gs), ([, block]) => block!);
  const [[route = ""] = [], lines = []] = blocks.map((block) => block.split("\n"));
  const [, args] = /^npm run -s crossfade -- (route .*)$/.exec(route)!;
  // They listen on the same machine.
  const ports = [...args!.matchAll(/--\S*port (\d+)/g)].map(([, port]) => Number(port));
  const { port, httpPort, metricsPort } = serveSchema.settings;
  for (const taken of [port, httpPort, metricsPort]) expect(ports).not.toContain(taken.standard);
  expect(ports).toHaveLength(3);
  const here = args!
    .replace("127.0.0.1:8500", server.serving.address)
    .replaceAll(/port \d+/g, "port 0");
  const admin = ["--admin-port", "0", "--admin-http-port", "0", "--state", `${folder.path}/state`];
  await using router = runCrossfade([...here.split(" "), ...admin]);
  const { adminPort } = await router.logged("listening");
  const env = { ...process.env, CROSSFADE_ADMIN: `127.0.0.1:${String(adminPort)}` };
  for (const [i, line] of lines.entries()) {
    const { stdout } = await run("sh", ["-c", line], { cwd: root, env });
    expect(stdout, line).toContain(`playlists   revision ${i} -> ${i + 1}\n`);
  }
  expect(lines).toHaveLength(4);
});

function recommendThree(...args: readonly string[]) {
  const to = ["recommend", "--target", server.serving.address, "--model", "playlists"];
  return run("bin/crossfade", [...to, "--top-k", "3", ...args], { cwd: root });
}

test("crossfade recommend goes by a history", async () => {
  const asked = [recommendThree(), recommendThree("--history", "p1,p2")] as const;
  const [popular, next] = await Promise.all(asked);
  expect(popular.stdout).toMatch(/^(p\d+\t\S+\t.*\n){3}$/);
  expect(next.stdout).toMatch(/^(p\d+\t\S+\t.*\n){3}$/);
  expect(next.stdout).not.toBe(popular.stdout);
});

test("the line that puts crossfade on the PATH does, and what it prints can be piped", async () => {
  const readme = await readFile(new URL("README.md", root), "utf8");
  const [, line] = /```sh\n(export PATH=.*?)\n```/s.exec(readme)!;
  const piped = `crossfade doctor --json && cd / && crossfade --version >&2`;
  const { stdout, stderr } = await run("sh", ["-c", `${line}\n${piped}`], { cwd: root });
  expect(JSON.parse(stdout)).toHaveProperty("providers");
  expect(stderr).toMatch(/^crossfade \d+\.\d+\.\d+\n$/);
});
