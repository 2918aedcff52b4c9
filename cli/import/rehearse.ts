import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { notTaken, type Rehearsal } from "../../models/importing/make-plan.ts";
import { processArguments } from "../../models/start-worker.ts";

/** What the process says; the failure is of opening it, or else of asking it, which may be by a length that it does not take. */
export interface Rehearsed {
  readonly opened: boolean;
  readonly failure?: string;
}

export interface RehearseOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
}

const processBytes = 2 ** 30;
/** Of what a model weighs: the runtime keeps weights in another order beside those of the file, and folds constants. */
const timesItsSize = 4;

const run = promisify(execFile);

/**
 * Opens a file that nobody knows yet and asks it once, in a process with a limit of memory and of time: a few hundred bytes can be made to
 * fill any memory while they are opened, or never to answer. Rejects with what came of it.
 */
export async function rehearse(
  rehearsal: Rehearsal,
  { signal, timeoutMs = 120_000 }: RehearseOptions,
): Promise<void> {
  const mostBytes = processBytes + timesItsSize * rehearsal.bytes;
  const child = [
    process.execPath,
    ...processArguments("rehearse-process", import.meta.url),
    JSON.stringify(rehearsal),
  ];
  // The limit of data counts what is allocated, not what V8 reserves.
  const limited = ['ulimit -d "$0"; exec "$@"', String(Math.ceil(mostBytes / 1024)), ...child];
  const { stdout } = await run("/bin/sh", ["-c", ...limited], {
    timeout: timeoutMs,
    killSignal: "SIGKILL",
    signal,
  }).catch((error: Failure) => {
    signal.throwIfAborted();
    throw new Error(
      error.killed === true
        ? `it was not open and did not answer within ${timeoutMs / 1000} s; a loop of it may have no end`
        : tooLarge(rehearsal, mostBytes),
      { cause: error },
    );
  });
  const { opened, failure = "" } = JSON.parse(stdout) as Rehearsed;
  if (/alloc|memory/i.test(failure)) throw new Error(tooLarge(rehearsal, mostBytes));
  if (!opened) throw new Error(notTaken(failure));
}

interface Failure extends Error {
  readonly killed?: boolean;
}

function tooLarge({ bytes }: Rehearsal, mostBytes: number): string {
  return `it takes more than ${(mostBytes / 1e9).toFixed(1)} GB to open it and to ask it once, and it has ${bytes.toLocaleString("en")} bytes; what it makes of constants must be in its weights (torch.onnx.export does so with do_constant_folding=True)`;
}
