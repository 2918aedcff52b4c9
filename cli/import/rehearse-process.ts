import { openEngine } from "../../backends/engines/open-engine.ts";
import { unhurried } from "../../models/exporting/graph-runner.ts";
import type { Rehearsal } from "../../models/importing/make-plan.ts";
import { allocateTensors } from "../../models/allocate-tensors.ts";
import type { Rehearsed } from "./rehearse.ts";

/*
 * Opens the probe graph of an import that is named last on the command line, asks it once and prints what came of it.
 * A process of its own: whoever started it limits its memory and its time.
 */

async function rehearse({ graph, length }: Rehearsal): Promise<Rehearsed> {
  const engine = await openEngine({ provider: "cpu", graph, lowPriorityLoad: false });
  const feeds = allocateTensors({
    ids: { type: "int32", dims: [1, length] },
    real: { type: "int32", dims: [1, length] },
    user: { type: "int32", dims: [1] },
  });
  (feeds.ids.data as Int32Array).fill(1);
  (feeds.real.data as Int32Array).fill(1);
  const failure = await engine.run(feeds, unhurried).then(
    () => undefined,
    (error: Error) => error.message,
  );
  await engine.close();
  return { opened: true, ...(failure !== undefined && { failure }) };
}

rehearse(JSON.parse(process.argv.at(-1)!) as Rehearsal).then(tell, (error: Error) =>
  tell({ opened: false, failure: error.message }),
);

function tell(found: Rehearsed): void {
  process.stdout.write(JSON.stringify(found));
}
