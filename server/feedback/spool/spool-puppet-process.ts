import { eventOf } from "../event.fixture.ts";
import { openSpool } from "./spool.ts";

/** Appends to the spool that it is given, some events at once, and tells its parent of each that was acknowledged. */
const sink = await openSpool({ dir: process.argv[2]!, syncMs: 0 });

async function append(number: number): Promise<void> {
  const eventId = `${process.pid}-${number}`;
  await sink.append(eventOf(number, { eventId, receivedMs: Date.now() }));
  process.send!(eventId);
}

for (let number = 0; ; number += 10)
  await Promise.all(Array.from({ length: 10 }, (_, i) => append(number + i)));
