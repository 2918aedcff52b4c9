import { randomUUID } from "node:crypto";
import { openChannel } from "../../../transport/open.ts";
import { createAdmin } from "../../rollout/admin.ts";

const timeoutMs = 30_000;

/** Changes a rollout as `crossfade rollout set weight` does; the router that answers goes by it then. */
export async function setWeight(adminPort: number, model: string, canary: number): Promise<void> {
  const address = `127.0.0.1:${adminPort}`;
  const channel = openChannel(address);
  const admin = createAdmin({ address, channel, metadata: new Map() }, timeoutMs);
  try {
    await admin.change({
      model,
      change: { $case: "setWeights", value: { basisPoints: { canary } } },
      dryRun: false,
      reason: "a scenario of the load test",
      expectRevision: 0,
      idempotencyKey: randomUUID(),
    });
  } finally {
    admin.close();
  }
}
