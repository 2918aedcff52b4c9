import type { FileRegistry } from "@bufbuild/protobuf";
import type { Given } from "../../arguments/flag.ts";
import { readCount, readShare } from "../../arguments/read-numbers.ts";
import { wrong } from "../../arguments/wrong.ts";
import type { TargetTls } from "../../../loadtest/run-plan.ts";
import type { Workload } from "../../../loadtest/workload.ts";
import { findMethod } from "../../../loadtest/workloads/find-method.ts";
import { readRows } from "../../../loadtest/workloads/read-rows.ts";
import { replyKind } from "../../../loadtest/workloads/reply-kind.ts";
import { schemaOfFiles } from "../../../loadtest/workloads/schema-of-files.ts";
import { schemaOfServer } from "../../../loadtest/workloads/schema-of-server.ts";
import { encodeJson, templateRequests } from "../../../loadtest/workloads/template-requests.ts";
import { worldWorkload, type BatchSize } from "../../../loadtest/workloads/world-workload.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { openChannel } from "../../../transport/open.ts";
import * as flags from "./workload-flags.ts";

export interface Destination {
  readonly targets: readonly string[];
  readonly tls: TargetTls | undefined;
  readonly isHttp: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  readonly seed: number;
}

/** What is called, and with what; by reflection, it asks the first target. */
export async function readWorkload(
  given: Given,
  destination: Destination,
  terminal: Terminal,
): Promise<Workload> {
  const { isHttp, metadata } = destination;
  const kind = flags.assertOneKind(given, isHttp);
  const workload =
    kind === "world"
      ? ofWorld(given, destination)
      : await ofAnyService(given, { ...destination, terminal });
  return { ...workload, metadata: { ...workload.metadata, ...metadata } };
}

function ofWorld(given: Given, { isHttp, seed }: Destination): Workload {
  const count = flags.readRequestCount(given);
  const model = given.value(flags.modelFlag);
  const coldBasisPoints = readShare(given, flags.coldFlag);
  const history = readCount(given, flags.historyFlag, [0, 10_000]);
  const topK = readCount(given, flags.topKFlag, [1, 1_000]);
  const batches = readBatches(given);
  return worldWorkload({
    transport: isHttp ? "http" : "grpc",
    seed,
    zipfExponent: readZipf(given),
    ...(model !== undefined && { model }),
    ...(count !== undefined && { count }),
    ...(coldBasisPoints !== undefined && { coldBasisPoints }),
    ...(history !== undefined && { history }),
    ...(topK !== undefined && { topK }),
    ...(batches && { batches }),
  });
}

function readZipf(given: Given): number {
  const text = given.value(flags.zipfFlag) ?? "1";
  if (/^\d+(\.\d+)?$/.test(text) && Number(text) <= 10) return Number(text);
  throw wrong(`--zipf is "${text}"; it must be a number from 0 to 10, e.g. 1.1`);
}

function readBatches(given: Given): readonly BatchSize[] | undefined {
  const text = given.value(flags.batchFlag)?.trim();
  return text?.split(/[\s,]+/).map((part) => {
    const [, users = "0", share = "1"] = /^(\d{1,6})(?::(\d+(?:\.\d+)?))?$/.exec(part) ?? [];
    if (Number(users) >= 1 && Number(share) > 0)
      return { users: Number(users), share: Number(share) };
    throw wrong(`--batch has "${part}"; it must be users and a share, e.g. "1:90 20:10"`);
  });
}

interface Service extends Destination {
  readonly terminal: Terminal;
}

async function ofAnyService(given: Given, service: Service): Promise<Workload> {
  const { isHttp, seed, terminal } = service;
  const template = readData(given, terminal);
  const { call, encode } = isHttp
    ? httpCall(given, template !== undefined)
    : await grpcCall(given, service);
  const rowFile = given.value(flags.rowsFlag);
  const count = flags.readRequestCount(given);
  const requests =
    template === undefined && isHttp
      ? [new Uint8Array()]
      : templateRequests({
          template: template ?? {},
          seed,
          encode,
          ...(rowFile !== undefined && { rows: await readRows(rowFile) }),
          ...(count !== undefined && { count }),
        });
  return {
    name: isHttp ? "HTTP" : (given.value(flags.callFlag) ?? ""),
    call,
    requests,
    metadata: isHttp && template !== undefined ? { "content-type": "application/json" } : {},
    replies: replyKind(call),
  };
}

interface Call {
  readonly call: Workload["call"];
  readonly encode: (request: unknown) => Uint8Array;
}

function httpCall(given: Given, hasBody: boolean): Call {
  const path = given.value(flags.pathFlag)!;
  if (!/^\/[\x21-\x7e]*$/.test(path))
    throw wrong(`--path is "${path}"; it must begin with / and have no spaces`);
  return {
    call: { transport: "http", method: hasBody ? "POST" : "GET", path },
    encode: encodeJson,
  };
}

async function grpcCall(given: Given, service: Service): Promise<Call> {
  const { path, encode } = findMethod(
    await readSchema(given, service),
    given.value(flags.callFlag)!,
  );
  return { call: { transport: "grpc", path }, encode };
}

const reflectMs = 10_000;

async function readSchema(given: Given, { targets, tls }: Service): Promise<FileRegistry> {
  const files = given.values(flags.protoFlag);
  if (files.length > 0)
    return schemaOfFiles({ files, importPaths: given.values(flags.importPathFlag) });
  const channel = openChannel(targets[0]!, tls && channelTls(tls));
  try {
    return await schemaOfServer(channel, { deadlineMs: performance.now() + reflectMs });
  } finally {
    channel.close();
  }
}

function channelTls({ serverAuthority, certificate, key }: TargetTls) {
  const hasOwn = certificate !== undefined && key !== undefined;
  return { serverAuthority, ...(hasOwn && { certificates: { certificate, key } }) };
}

/** Undefined: none was given. */
function readData(given: Given, { readFile }: Terminal): unknown {
  const text = given.value(flags.dataFlag);
  if (text === undefined) return undefined;
  const file = text.startsWith("@") ? text.slice(1) : undefined;
  try {
    return JSON.parse(file === undefined ? text : readFile(file)) as unknown;
  } catch (error) {
    throw wrong(`--data ${file ?? ""} is no JSON: ${(error as Error).message}`.replace("  ", " "));
  }
}
