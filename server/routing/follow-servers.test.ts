import { expect, test, vi } from "vitest";
import { createEndpoints } from "../../backends/endpoints/endpoints.ts";
import type { ServerAddress } from "../config/server-addresses.ts";
import { createLog } from "../log/log.ts";
import { followServersOf } from "./follow-servers.ts";
import { createKnownServers } from "./known-servers.ts";

const pool = (host: string): ServerAddress => ({
  class: "cpu",
  address: `dns:${host}:1`,
  name: { host, port: 1 },
});

test("a server that moves from one name to another is the second's when the first has let it go", async () => {
  const [stable, canary] = [pool("stable"), pool("canary")];
  const found = new Map([
    ["stable", ["127.0.0.2", "127.0.0.3"]],
    ["canary", ["127.0.0.3"]],
  ]);
  const lines: string[] = [];
  const known = createKnownServers({ connections: 1, tls: undefined, holds: () => [] });
  const endpoints = createEndpoints([]);
  const stopping = new AbortController();
  const options = {
    known,
    endpoints,
    pollMs: 1,
    log: createLog({ isPretty: false, write: (line) => lines.push(line) }),
    lookUp: async (host: string) => found.get(host)!,
    signal: stopping.signal,
  };
  const ownerOf = (host: string) => known.byAddress.get(`${host}:1`)?.origin;

  const first = followServersOf(stable, options);
  await vi.waitFor(() => expect(ownerOf("127.0.0.3")).toBe(stable));
  const second = followServersOf(canary, options);
  await vi.waitFor(() => expect(lines.join("\n")).toContain("server listed twice"));
  found.set("stable", ["127.0.0.2"]);
  await vi.waitFor(() => expect(ownerOf("127.0.0.3")).toBe(canary));
  expect(ownerOf("127.0.0.2")).toBe(stable);
  expect(lines.filter((line) => line.includes("server listed twice"))).toHaveLength(1);

  stopping.abort();
  await Promise.all([first.done, second.done]);
  await endpoints.close();
});
