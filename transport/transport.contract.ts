import { describe } from "vitest";
import { testCalls } from "./contract/calls.contract.ts";
import { testFrames } from "./contract/frames.contract.ts";
import { testHostilePeers } from "./contract/hostile.contract.ts";
import { testLifecycle } from "./contract/lifecycle.contract.ts";
import { testLimits } from "./contract/limits.contract.ts";
import type { Transport } from "./contract/open-pair.contract.ts";
import { testServers } from "./contract/servers.contract.ts";
import { testStreams } from "./contract/streams.contract.ts";
import { testTls } from "./contract/tls.contract.ts";

export type { Transport } from "./contract/open-pair.contract.ts";

/** What anything above may expect of a transport, whichever one runs. */
export function testTransport(name: string, transport: Transport): void {
  describe(name, () => {
    describe("calls", () => testCalls(transport));
    describe("streams", () => testStreams(transport));
    describe("lifecycle", () => testLifecycle(transport));
    describe("tls", () => testTls(transport));
    describe("limits", () => testLimits(transport));
    describe("hostile peers", () => testHostilePeers(transport));
    describe("servers", () => testServers(transport));
    describe("frames", () => testFrames(transport));
  });
}
