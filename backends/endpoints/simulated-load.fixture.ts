import { Random } from "../../models/random.ts";
import { Code, ServingError } from "../../proto/serving-error.ts";
import { callWith } from "../backend.contract.ts";
import type { Answer } from "../backend.ts";
import { createQuery } from "../query.ts";
import { createVirtualClock, type VirtualClock } from "../virtual-clock.ts";
import { createEndpoints, type EndpointsOptions } from "./endpoints.ts";
import { silentEndpointsMeter, type Attempt } from "./meter.ts";
import { createSimulatedServer, model, type SimulatedServer } from "./simulated-server.fixture.ts";

/** How one call of one query went. */
export interface Told {
  readonly sentMs: number;
  readonly tookMs: number;
  readonly code: Code;
  readonly attempts: number;
  readonly degraded: string;
}

export interface Scene {
  readonly clock: VirtualClock;
  readonly servers: readonly SimulatedServer[];
  readonly told: readonly Told[];
  /** When each attempt ended. */
  readonly attempts: readonly (Attempt & { readonly atMs: number })[];
  readonly ejected: readonly string[];
  readonly readmitted: readonly string[];
  readonly shedRows: () => number;
  /** When something happens to the servers. */
  readonly at: (timeMs: number, event: () => void) => void;
  /** Sends calls, as chance has it, until `untilMs`; then waits for the last answer. */
  run(load: SceneLoad): Promise<void>;
}

export interface SceneLoad {
  readonly callsPerSecond: number;
  readonly untilMs: number;
  readonly deadlineMs?: number;
}

export interface SceneOptions extends Pick<EndpointsOptions, "fallbacks" | "ladder"> {
  readonly seed?: number;
  readonly servers?: number;
  readonly serviceMs?: number;
  /** Of each server. */
  readonly workers?: number;
}

const names = { model, version: "", user: new Uint8Array() };

export function createScene(options: SceneOptions = {}): Scene {
  const { seed = 1, servers: count = 2, serviceMs = 5, workers = 4, ...rest } = options;
  const clock = createVirtualClock();
  const dice = new Random(seed);
  const random = () => dice.share();
  const serverOptions = { clock, random, serviceMs, workers };
  const servers = Array.from({ length: count }, (_, i) =>
    createSimulatedServer({ name: `server-${i}`, ...serverOptions }),
  );
  const told: Told[] = [];
  const attempts: (Attempt & { atMs: number })[] = [];
  const ejected: string[] = [];
  const readmitted: string[] = [];
  let shedRows = 0;
  const endpoints = createEndpoints(
    servers.map((backend) => ({ backend, class: "cpu" })),
    {
      ...rest,
      clock,
      random,
      meter: {
        ...silentEndpointsMeter,
        attempted: (attempt) => attempts.push({ ...attempt, atMs: clock.now() }),
        ejected: (name) => ejected.push(name),
        readmitted: (name) => readmitted.push(name),
        shed: (rows) => (shedRows += rows),
      },
    },
  );

  async function send(deadlineMs: number): Promise<void> {
    const sentMs = clock.now();
    const call = callWith({ deadlineMs: sentMs + deadlineMs });
    const [answer] = await endpoints.answer([createQuery(new Uint8Array(), call, names)]);
    told.push({ sentMs, tookMs: clock.now() - sentMs, ...seen(answer!) });
  }

  return {
    clock,
    servers,
    told,
    attempts,
    ejected,
    readmitted,
    shedRows: () => shedRows,
    at: (timeMs, event) => void clock.at(timeMs, event),
    async run({ callsPerSecond, untilMs, deadlineMs = 250 }) {
      let sent = told.length;
      const next = () => {
        if (clock.now() >= untilMs) return;
        sent++;
        void send(deadlineMs);
        clock.at(clock.now() - (Math.log(1 - random()) * 1000) / callsPerSecond, next);
      };
      clock.at(clock.now(), next);
      await clock.advanceTo(untilMs + 2 * deadlineMs);
      if (told.length !== sent) throw new Error(`${sent} calls, ${told.length} answers`);
    },
  };
}

function seen(answer: Answer): Pick<Told, "code" | "attempts" | "degraded"> {
  if (answer instanceof ServingError) return { code: answer.code, attempts: 0, degraded: "" };
  return { code: Code.OK, attempts: answer.attempts ?? 1, degraded: answer.degraded ?? "" };
}
