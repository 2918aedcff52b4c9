import { worldWorkload } from "../../workloads/world-workload.ts";
import type { Suite } from "../suite.ts";

export const suite: Suite = {
  summary: "how many recommendations a second 64 callers get who never pause",
  connections: 64,
  forMs: 20_000,
  requests({ model, seed }) {
    const { call, requests } = worldWorkload({ transport: "http", model, seed, count: 200 });
    return requests.map((body) => ({
      method: "POST",
      path: call.path,
      body: Buffer.from(body).toString(),
      replies: "recommend",
    }));
  },
};
