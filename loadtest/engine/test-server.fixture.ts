import { RecommendResponse } from "../../proto/gen/crossfade/v1/recommender.ts";
import type { Call } from "../../transport/call.ts";
import { startServer } from "../../transport/open.ts";
import type { RunPlan } from "../run-plan.ts";
import { samplePlan } from "./sample-plan.fixture.ts";

export const path = "/crossfade.v1.RecommenderService/Recommend";

export const reply = RecommendResponse.encode(
  RecommendResponse.fromPartial({ served: { backend: "cpu" }, routed: { arm: "stable" } }),
).finish();

export interface TestServer extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
  /** Calls that came. */
  readonly calls: readonly Call[];
  close(): Promise<void>;
}

/** A real server, whose only method does what it is told. */
export async function openTestServer(
  answer: (call: Call) => Promise<Uint8Array> = async () => reply,
  port = 0,
): Promise<TestServer> {
  const calls: Call[] = [];
  const handle = (_: Uint8Array, call: Call) => {
    calls.push(call);
    return answer(call);
  };
  const server = await startServer([{ kind: "unary", path, handle }], { port });
  const close = () => server.close(0);
  return { address: server.address, port: server.port, calls, close, [Symbol.asyncDispose]: close };
}

export function planFor(server: TestServer, changes: Partial<RunPlan> = {}): RunPlan {
  return {
    ...samplePlan({ kind: "constant", perSecond: 200, forMs: 500 }),
    targets: [server.address],
    connections: 4,
    streamsPerConnection: 50,
    deadlineMs: 2_000,
    ...changes,
  };
}
