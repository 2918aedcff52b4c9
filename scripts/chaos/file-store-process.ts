import { revisionOf } from "../../router/rollout/revision-of.ts";
import { openFileStore } from "../../router/store/file/file-store.ts";
import { killedAuditBytes, killedModels, rolloutAt } from "./killed-rollouts.ts";

/** To the parent: this was acknowledged. */
export interface Acknowledged {
  readonly model: string;
  readonly revision: number;
}

process.once("disconnect", () => process.exit());
process.once("message", (dir: string) => void writeOn(dir));

/** Goes on from what is there, as fast as it can, until it is killed. */
async function writeOn(dir: string): Promise<void> {
  const store = await openFileStore({ dir, maxAuditBytes: killedAuditBytes });
  await Promise.all(
    killedModels.map(async (model) => {
      let revision = revisionOf(await store.read(model));
      while (true) {
        await store.write(rolloutAt(model, revision + 1), revision);
        revision++;
        process.send!({ model, revision } satisfies Acknowledged);
      }
    }),
  );
}
