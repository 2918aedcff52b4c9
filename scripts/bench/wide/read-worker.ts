import { parentPort, workerData } from "node:worker_threads";
import { createMemoryRead } from "../memory-read.ts";

const { bytes } = workerData as { readonly bytes: number };
const read = createMemoryRead(bytes);
const port = parentPort!;

// Twice: at first the pages are not there yet.
read();
port.on("message", () => {
  read();
  port.postMessage("done");
});
port.postMessage("ready");
