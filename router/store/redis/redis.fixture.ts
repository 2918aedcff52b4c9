import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { askRedis } from "./ask-redis.fixture.ts";
import { freePort } from "./free-port.fixture.ts";

/** Redis or Valkey: those that are there. */
const programs = (["redis-server", "valkey-server"] as const).filter(
  (name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0,
);
const [program] = programs;

/** For what only newer servers can. */
export const isValkeyMissing = !programs.includes("valkey-server");

/** With CI set, tests that need one are not skipped: they then fail for want of it. */
export const isRedisMissing = program === undefined && !process.env["CI"];

/** For the names of such tests. */
export const whyNoRedis = isRedisMissing
  ? " (skipped: no redis-server or valkey-server here; npm test says how to get it)"
  : "";

export interface RedisOptions {
  /** Lines of redis.conf, besides those that every server gets. */
  readonly config?: readonly string[];
  /** Default: any that is free. */
  readonly port?: number;
  /** A sentinel instead of a server. */
  readonly isSentinel?: boolean;
  /** Default: whichever is there. */
  readonly program?: (typeof programs)[number];
}

/** A real server in a process and a folder of its own, on the loopback. It keeps its data by AOF, synced each second. */
export interface RedisProcess extends AsyncDisposable {
  readonly port: number;
  /** E.g. "redis://127.0.0.1:6379". */
  readonly url: string;
  /** One command over a connection of its own; rejects for an error reply. */
  ask(...command: readonly string[]): Promise<unknown>;
  /** kill -9. */
  kill(): Promise<void>;
  /** SIGSTOP: it neither answers nor closes anything. */
  freeze(): void;
  thaw(): void;
  /** After it was killed, on the same port, with what it held or without. Resolves when it answers. */
  restart(data: "kept" | "empty"): Promise<void>;
}

/** Resolves when it answers. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisProcess> {
  const { config = [], isSentinel = false, program: name = program } = options;
  const { port = await freePort() } = options;
  if (name === undefined) throw new Error("there is no redis-server or valkey-server here");
  const dir = await mkdtemp(join(tmpdir(), "crossfade-redis-"));
  const data = join(dir, "data");
  const persistence = isSentinel ? [] : ['save ""', "appendonly yes", "appendfsync everysec"];
  const lines = [`port ${port}`, "bind 127.0.0.1", `dir ${data}`, ...persistence, ...config];
  const file = join(dir, "redis.conf");
  await writeFile(file, `${lines.join("\n")}\n`);
  const args = [file, ...(isSentinel ? ["--sentinel"] : [])];
  const server = createRunner([name, ...args], port, data);
  await server.start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    ask: (...command: readonly string[]) => askRedis(port, command),
    kill: () => server.kill(),
    freeze: () => server.signal("SIGSTOP"),
    thaw: () => server.signal("SIGCONT"),
    async restart(keeping: "kept" | "empty") {
      if (keeping === "empty") await rm(data, { recursive: true, force: true });
      await server.start();
    },
    async [Symbol.asyncDispose]() {
      await server.kill();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function createRunner([name, ...args]: readonly string[], port: number, data: string) {
  let child: ChildProcess | undefined;
  const end = () => void child?.kill("SIGKILL");
  return {
    async start() {
      await mkdir(data, { recursive: true });
      child = spawn(name!, args, { stdio: ["ignore", "pipe", "pipe"] });
      process.once("exit", end);
      await untilAnswering(child, port);
    },
    signal: (name: NodeJS.Signals) => void child?.kill(name),
    async kill() {
      process.off("exit", end);
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      end();
      await exited;
    },
  };
}

async function untilAnswering(child: ChildProcess, port: number): Promise<void> {
  let said = "";
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-2_000)));
  }
  while (true) {
    if (child.exitCode !== null) throw new Error(`the server on port ${port} ended:\n${said}`);
    // Whatever it answers, NOAUTH as well, it is there; while it reads its data it says LOADING.
    const answer = await askRedis(port, ["PING"]).catch((error: Error) => error.message);
    if (/^(PONG|NOAUTH)/.test(String(answer))) return;
    await delay(10);
  }
}
