import { run } from "../../../loadtest/engine/run.ts";
import { truthPath } from "../loadtest/truth-server.ts";
import { truthRequest } from "./truth-request.ts";
import type { Tool } from "./tool.ts";

export const ownTool: Tool = {
  name: "crossfade loadtest",
  async run({ address, perSecond, callers, connections, forMs }) {
    const { counts, latency, invalid } = await run({
      name: "side by side",
      targets: [address],
      workload: {
        name: "truth",
        call: { transport: "grpc", path: truthPath },
        requests: [truthRequest],
        metadata: {},
        replies: "opaque",
      },
      schedule:
        perSecond === undefined
          ? { kind: "closed", streams: callers, forMs }
          : { kind: "constant", perSecond, forMs },
      seed: 1,
      warmUpMs: 1_000,
      connections,
      // As many as a server allows: in an open loop no call waits for another.
      streamsPerConnection: perSecond === undefined ? callers / connections : 256,
      deadlineMs: 20_000,
      workers: 1,
    });
    return {
      calls: counts.due,
      failed: counts.failed,
      perSecond: counts.achievedRate,
      at: (share) => latency.at(share),
      ...(invalid[0] && { invalid: invalid[0].message }),
    };
  },
};
