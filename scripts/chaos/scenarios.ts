import { join } from "node:path";
import { Random } from "../../models/random.ts";
import { reversion } from "../bench/live/bench-bundle.ts";
import { moved, weighed } from "./documents.ts";
import { noFaults } from "./faults.ts";
import { removeVersion } from "./server.ts";
import type { Stage } from "./stage.ts";

export interface Scenario {
  readonly name: string;
  readonly about: string;
  /** Whole servers in processes that may die, or servers whose models can be told to be slow or to fail. */
  readonly servers: "plain" | "faulty";
  /** Begins at `from`; resolves when all is well again. */
  readonly happen: (stage: Stage) => Promise<void>;
  /** Share of the run at which the fault begins. */
  readonly from: number;
  /** At most 1% of the calls take longer than 100 ms, from a sixth of the run on. */
  readonly isQuick?: true;
  /** Rollouts are kept in Redis; else by the router itself. */
  readonly store?: "redis";
}

const weightChanges = 50;
const { slowness } = noFaults;

export const scenarios: readonly Scenario[] = [
  {
    name: "kill",
    about: "kill -9 of one of two servers, and its restart",
    servers: "plain",
    from: 1 / 6,
    async happen({ servers, at }) {
      await servers[0]!.kill();
      await at(1 / 3);
      await servers[0]!.start();
    },
  },
  {
    name: "hang",
    about: "SIGSTOP of one of two servers, and SIGCONT",
    servers: "plain",
    from: 1 / 6,
    async happen({ servers, at }) {
      servers[0]!.freeze();
      await at(1 / 2);
      servers[0]!.thaw();
    },
  },
  {
    name: "restart",
    about: "SIGTERM and restart of one server after the other",
    servers: "plain",
    from: 1 / 6,
    async happen({ servers, at }) {
      for (const [i, server] of servers.entries()) {
        await at(1 / 6 + i / 4);
        await server.stop();
        await server.start();
      }
    },
  },
  {
    name: "weights",
    about: `${weightChanges} changes of the weights`,
    servers: "plain",
    from: 1 / 12,
    async happen({ document, apply, at }) {
      const random = new Random(3);
      for (let change = 0; change < weightChanges; change++) {
        await at(1 / 12 + (change / weightChanges) * (5 / 6));
        await apply(weighed(document(), random.below(10_001)));
      }
    },
  },
  {
    name: "swap",
    about: "version 3 arrives and becomes the stable arm's, version 1 leaves",
    servers: "plain",
    from: 1 / 6,
    async happen({ servers, models, bundle, document, apply, at }) {
      await reversion(bundle, join(models, "3"), "3");
      await Promise.all(servers.map((server) => server.loaded("3")));
      await at(1 / 3);
      await apply(moved(document(), "stable", "3"));
      await at(1 / 2);
      await removeVersion(models, "1");
      await Promise.all(servers.map((server) => server.unloaded("1")));
    },
  },
  {
    name: "slow",
    about: `one of two servers takes 10 times as long, ${10 * slowness.leastMs} ms and more`,
    servers: "faulty",
    from: 1 / 12,
    isQuick: true,
    async happen({ faulty, at }) {
      faulty[0]!.set({ slowness: { ...slowness, times: 10 } });
      await at(5 / 6);
      faulty[0]!.set(noFaults);
    },
  },
  {
    name: "errors",
    about: "every answer of the canary's version is an error, of four kinds in turn",
    servers: "faulty",
    from: 1 / 6,
    async happen({ faulty, at }) {
      const codes = ["INTERNAL", "UNAVAILABLE", "UNKNOWN", "DATA_LOSS"] as const;
      for (const [i, code] of codes.entries()) {
        await at(1 / 6 + i / 6);
        for (const server of faulty) server.set({ ...noFaults, erring: { version: "2", code } });
      }
      await at(5 / 6);
      for (const server of faulty) server.set(noFaults);
    },
  },
  {
    name: "missing",
    about: "the canary's version is one that no server holds",
    servers: "plain",
    from: 1 / 6,
    async happen({ document, apply, at }) {
      await apply(moved(document(), "canary", "9"));
      await at(5 / 6);
      await apply(moved(document(), "canary", "2"));
    },
  },
];
