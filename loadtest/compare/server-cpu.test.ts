import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { openServerCpu } from "./server-cpu.ts";

async function pageOf(status: number, page: string) {
  const server = createServer((_, response) => response.writeHead(status).end(page));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/metrics`,
    [Symbol.asyncDispose]: () => new Promise<void>((closed) => server.close(() => closed())),
  };
}

test("adds what metrics pages and processes say", async () => {
  const page = `# HELP process_cpu_seconds_total Total user and system CPU time.
# TYPE process_cpu_seconds_total counter
process_cpu_seconds_total{process="1"} 1.5
process_cpu_seconds_total{process="2"} 2e1
process_cpu_user_seconds_total 99
`;
  await using one = await pageOf(200, page);
  await using other = await pageOf(200, "process_cpu_seconds_total 3\n");
  expect(await openServerCpu([one.url, other.url]).readMs()).toBeCloseTo(24_500, 6);
});

test.skipIf(process.platform !== "linux")("reads a process of this machine", async () => {
  const cpu = openServerCpu([`pid:${process.pid}`]);
  const before = await cpu.readMs();
  const until = process.cpuUsage().user + 50_000;
  while (process.cpuUsage().user < until);
  const spentMs = (await cpu.readMs()) - before;
  expect(spentMs).toBeGreaterThanOrEqual(40);
});

test("says what is wrong with a source", async () => {
  expect(() => openServerCpu(["4711"])).toThrow(
    '"4711" says nothing of CPU; it must be the address of a metrics page',
  );
  await expect(openServerCpu(["pid:999999999"]).readMs()).rejects.toThrow(
    /the CPU time of process 999999999 cannot be read: ENOENT/,
  );
  await using empty = await pageOf(200, "up 1\n");
  await expect(openServerCpu([empty.url]).readMs()).rejects.toThrow(
    "has no process_cpu_seconds_total",
  );
  await using lost = await pageOf(404, "");
  await expect(openServerCpu([lost.url]).readMs()).rejects.toThrow(
    "cannot be read: HTTP status 404",
  );
  await expect(openServerCpu(["http://127.0.0.1:1/metrics"]).readMs()).rejects.toThrow(
    "http://127.0.0.1:1/metrics cannot be read: ",
  );
});
