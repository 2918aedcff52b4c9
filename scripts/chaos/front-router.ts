import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Distribution } from "../../router/distribution.ts";
import { type CrossfadeProcess, startCrossfade } from "../bench/live/crossfade-process.ts";
import { type AdminAnswer, askAdmin, changeByAdmin, getByAdmin } from "./ask-admin.ts";
import { model } from "./documents.ts";

/** `crossfade route` in a process of its own. */
export interface FrontRouter extends AsyncDisposable {
  readonly name: string;
  readonly address: string;
  /** Where `crossfade rollout` reaches it. */
  readonly admin: string;
  readonly pid: number;
  /** By its admin API, as its next revision; throws when it refuses. */
  apply(document: Distribution): Promise<void>;
  /** The answer to a verb of its admin API, whatever it is. */
  ask(verb: string, body?: Readonly<Record<string, unknown>>): Promise<AdminAnswer>;
  /** What it says of the rollout and of all routers. */
  standing(): Promise<AdminAnswer>;
}

export interface FrontRouterOptions {
  /** Of the compiled sources. */
  readonly dir: string;
  readonly servers: readonly string[];
  /** Where rollouts are kept; else in its own folder. */
  readonly store?: string | undefined;
  /** Default "front". */
  readonly name?: string;
  /** The folder of its state, which stays; else one of its own, which goes with it. */
  readonly state?: string;
}

const flags = Object.entries({
  port: "0",
  "http-port": "off",
  "metrics-port": "off",
  "admin-port": "0",
  "admin-http-port": "0",
}).flatMap(([name, value]) => [`--${name}`, value]);

/** Resolves when it listens; it looks at its servers in its own time. */
export async function openFrontRouter(options: FrontRouterOptions): Promise<FrontRouter> {
  const { dir, servers, store, name = "front" } = options;
  const state = options.state ?? (await mkdtemp(join(tmpdir(), "crossfade-router-")));
  const where = ["--servers", servers.join(","), "--state", state, "--router-name", name];
  const kept = store === undefined ? [] : ["--store", store];
  const process = startCrossfade({ dir, args: ["route", ...where, ...kept, ...flags] });
  return {
    name,
    ...(await handleOf(process)),
    async [Symbol.asyncDispose]() {
      await process[Symbol.asyncDispose]();
      if (options.state === undefined) await rm(state, { recursive: true, force: true });
    },
  };
}

async function handleOf(
  process: CrossfadeProcess,
): Promise<Omit<FrontRouter, "name" | keyof AsyncDisposable>> {
  const listening = await process.logged(({ message }) => message === "listening");
  const port = Number(listening["adminHttpPort"]);
  return {
    address: String(listening["grpc"]),
    admin: `127.0.0.1:${String(listening["adminPort"])}`,
    pid: process.pid,
    async apply(document) {
      const body = { distribution: document };
      await changeByAdmin({ port, model: document.model, verb: "apply", body });
    },
    ask: (verb, body = {}) => askAdmin({ port, model, verb, body }),
    standing: () => getByAdmin(port, model),
  };
}
