import { open, readFile } from "node:fs/promises";
import { ServingError } from "../../proto/serving-error.ts";
import type { Schedule } from "../schedule.ts";
import type { Workload } from "../workload.ts";
import { replyKind } from "./reply-kind.ts";

/** One call of recorded traffic: a line of JSON. */
export interface RecordedCall {
  /** From the start of the recording. */
  readonly atMs: number;
  /** Base64 of the message as it came. */
  readonly request: string;
}

/** The first line. */
export interface RecordingHeader {
  readonly format: typeof recordingFormat;
  /** E.g. "/crossfade.v1.RecommenderService/Recommend". */
  readonly path: string;
}

export const recordingFormat = 1;
const maxBytes = 1024 * 1024 * 1024;

export interface Recording {
  readonly workload: Workload;
  /** At the speed at which it was recorded. */
  readonly schedule: Extract<Schedule, { kind: "replay" }>;
}

/** A last line that was cut short is left out; anything else that is no recording is refused with its line. */
export async function readRecording(file: string): Promise<Recording> {
  const lines = (await readCapped(file)).split("\n");
  const last = lines.pop();
  const header = parse(lines[0] ?? last ?? "", `${file}:1`) as Partial<RecordingHeader>;
  if (header.format !== recordingFormat || typeof header.path !== "string")
    throw refused(`${file}:1`, `format must be ${recordingFormat}, with a path`);
  const calls = lines.slice(1).map((line, i) => readCall(line, `${file}:${i + 2}`));
  if (calls.length === 0) throw refused(file, "there are no calls in it");
  const calledBefore = calls.findIndex(({ atMs }, i) => i > 0 && atMs < calls[i - 1]!.atMs);
  if (calledBefore >= 0)
    throw refused(`${file}:${calledBefore + 2}`, "atMs is below that of the line before");
  return {
    workload: {
      name: `recorded, ${file}`,
      call: { transport: "grpc", path: header.path },
      requests: calls.map(({ request }) => Buffer.from(request, "base64")),
      metadata: {},
      replies: replyKind({ transport: "grpc", path: header.path }),
    },
    schedule: {
      kind: "replay",
      atMs: calls.map(({ atMs }) => atMs - calls[0]!.atMs),
      speed: 1,
    },
  };
}

async function readCapped(file: string): Promise<string> {
  try {
    await using handle = await open(file);
    const { size } = await handle.stat();
    if (size > maxBytes) throw new Error(`it has ${size} bytes, over ${maxBytes}`);
    return await readFile(handle, "utf8");
  } catch (error) {
    throw refused(file, (error as Error).message);
  }
}

function readCall(line: string, where: string): RecordedCall {
  const { atMs, request } = parse(line, where) as Partial<RecordedCall>;
  if (typeof atMs !== "number" || !(atMs >= 0) || typeof request !== "string")
    throw refused(where, `wanted {"atMs": 12.5, "request": "base64"}`);
  return { atMs, request };
}

function parse(line: string, where: string): object {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null) return value;
  } catch (error) {
    throw refused(where, (error as Error).message);
  }
  throw refused(where, "an object is wanted");
}

function refused(where: string, problem: string): ServingError {
  return new ServingError("INVALID_ARGUMENT", `cannot replay ${where}: ${problem}`);
}
