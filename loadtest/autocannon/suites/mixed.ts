import { Random } from "../../../models/random.ts";
import { worldWorkload } from "../../workloads/world-workload.ts";
import type { Suite, SuiteRequest } from "../suite.ts";

/** Of a hundred calls. */
const shares = { one: 80, withHistory: 10, batch: 8, models: 2 };

export const suite: Suite = {
  summary:
    "what callers ask for: 80% one user, 10% with a history, 8% batches of 20, 2% lists of models",
  connections: 32,
  forMs: 20_000,
  requests({ model, seed }) {
    const common = { transport: "http", model, seed } as const;
    const one = { ...common, count: shares.one, coldBasisPoints: 500 };
    const withHistory = { ...common, count: shares.withHistory, history: 20 };
    const batch = { ...common, count: shares.batch, batches: [{ users: 20, share: 1 }] };
    const list: SuiteRequest = { method: "GET", path: "/v1/models" };
    const calls = [
      ...postsOf(one),
      ...postsOf(withHistory),
      ...postsOf(batch),
      ...Array.from({ length: shares.models }, () => list),
    ];
    return shuffled(calls, new Random(seed, 2));
  },
};

function postsOf(options: Parameters<typeof worldWorkload>[0]): SuiteRequest[] {
  const { call, requests, replies } = worldWorkload(options);
  return requests.map((body) => ({
    method: "POST",
    path: call.path,
    body: Buffer.from(body).toString(),
    replies,
  }));
}

function shuffled<Value>(values: readonly Value[], random: Random): Value[] {
  return values
    .map((value) => ({ value, place: random.share() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ value }) => value);
}
