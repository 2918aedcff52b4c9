import { startServer } from "../../../transport/open.ts";
import { truthPath } from "./truth-server.ts";

/** From the parent, once. */
export interface TruthServerOrder {
  readonly serviceMs: number;
  /** The whole process stands still for so long, so often. */
  readonly stall?: { readonly everyMs: number; readonly forMs: number };
}

/** To the parent: at first where it is, then, whenever it asks, when each call was answered since it last asked. */
export type TruthServerSaying =
  | { readonly address: string }
  /** By the number in its request; ms since 1970. */
  | { readonly answered: readonly (readonly [number: number, atMs: number])[] };

const reply = new Uint8Array();
let answered: [number: number, atMs: number][] = [];

process.once("message", (order: TruthServerOrder) => void serve(order));
process.once("disconnect", () => process.exit());

async function serve({ serviceMs, stall }: TruthServerOrder): Promise<void> {
  const handle = (request: Uint8Array) =>
    new Promise<Uint8Array>((resolve) => {
      setTimeout(() => {
        // Timers are late by a millisecond or two, and by a whole stall: what counts is when it answers.
        answered.push([
          Buffer.from(request).readUInt32LE(),
          performance.timeOrigin + performance.now(),
        ]);
        resolve(reply);
      }, serviceMs);
    });
  const { address } = await startServer([{ kind: "unary", path: truthPath, handle }]);
  if (stall) setInterval(() => standStill(stall.forMs), stall.everyMs);
  process.on("message", () => {
    tell({ answered });
    answered = [];
  });
  tell({ address });
}

function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function tell(saying: TruthServerSaying): void {
  process.send!(saying);
}
