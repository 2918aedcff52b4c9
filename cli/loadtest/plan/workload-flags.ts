import type { Flag, Given } from "../../arguments/flag.ts";
import { readCount } from "../../arguments/read-numbers.ts";
import { wrong } from "../../arguments/wrong.ts";

export const callFlag: Flag = {
  name: "--call",
  value: "SERVICE/METHOD",
  help: "a unary method of any gRPC service, e.g. shop.v1.Carts/Get; the package may be left out where that is clear",
};
export const protoFlag: Flag = {
  name: "--proto",
  value: "FILE",
  repeats: true,
  help: "its .proto; may be given again and again",
};
export const importPathFlag: Flag = {
  name: "--import-path",
  value: "DIR",
  repeats: true,
  help: "where the .proto's imports are",
};
export const reflectFlag: Flag = {
  name: "--reflect",
  help: "ask the target for its services (grpc.reflection); so it is without --proto",
};
export const pathFlag: Flag = {
  name: "--path",
  value: "PATH",
  help: "with --http: what is called, e.g. /predict; POST with --data, else GET",
};
export const dataFlag: Flag = {
  name: "--data",
  value: "JSON",
  help: 'the request, or @FILE: texts may have {{column}}, {{$i}}, "{{$int 1 100}}", "{{$zipf 3000}}", "{{$pick a b}}"',
};
export const rowsFlag: Flag = {
  name: "--rows",
  value: "FILE",
  help: "what {{column}} stands for, row after row: .csv with a header, .jsonl or .json",
};
export const countFlag: Flag = {
  name: "--count",
  value: "N",
  help: "how many different requests are made; they are sent in turn (default 10000, or one for each row)",
};

export const modelFlag: Flag = {
  name: "--model",
  value: "NAME",
  help: "of Crossfade's own service, whose users are those of the invented world (default playlists)",
};
export const zipfFlag: Flag = {
  name: "--zipf",
  value: "EXPONENT",
  help: "how much more often some users come than others; 0: all alike (default 1)",
};
export const coldFlag: Flag = {
  name: "--cold",
  value: "SHARE",
  help: "users whom the model has never seen, e.g. 5% (default none)",
};
export const historyFlag: Flag = {
  name: "--history",
  value: "N",
  help: "ids of what a user follows that are sent along, at most (default 0)",
};
export const topKFlag: Flag = {
  name: "--top-k",
  value: "N",
  help: "items that are asked for (default 10)",
};
export const batchFlag: Flag = {
  name: "--batch",
  value: "SIZES",
  help: 'BatchRecommend: users in a call and shares of such calls, e.g. "1:90 20:10"',
};

/** Of Crossfade's own service. */
export const worldFlags = [
  modelFlag,
  zipfFlag,
  coldFlag,
  historyFlag,
  topKFlag,
  batchFlag,
] as const;
/** Of any. */
export const anyServiceFlags = [
  callFlag,
  protoFlag,
  importPathFlag,
  reflectFlag,
  pathFlag,
  dataFlag,
  rowsFlag,
] as const;
export const workloadFlags = [...worldFlags, countFlag, ...anyServiceFlags] as const;

/** How many requests are made beforehand; undefined: the workload's own default. */
export function readRequestCount(given: Given): number | undefined {
  return readCount(given, countFlag, [1, 1_000_000]);
}

/** What is called is one of: the world's users, a gRPC method, an HTTP path. Anything that goes with another is refused. */
export function assertOneKind(given: Given, isHttp: boolean): "world" | "grpc" | "http" {
  const kind = given.has(callFlag) ? "grpc" : given.has(pathFlag) ? "http" : "world";
  if (given.has(callFlag) && given.has(pathFlag))
    throw wrong("--call is of gRPC, --path of HTTP: give one of them");
  if (kind === "grpc" && isHttp) throw wrong("--call is of gRPC; with --http say --path");
  if (kind === "http" && !isHttp) throw wrong("--path goes with --http; of gRPC say --call");
  const foreign: Readonly<Record<typeof kind, readonly Flag[]>> = {
    world: [protoFlag, importPathFlag, reflectFlag, dataFlag, rowsFlag],
    grpc: worldFlags,
    http: [...worldFlags, protoFlag, importPathFlag, reflectFlag],
  };
  const needs = { world: "--call or --path", grpc: "Crossfade's own service", http: "--call" };
  const wrongOnes = foreign[kind].filter(given.has);
  if (wrongOnes.length > 0)
    throw wrong(`${wrongOnes.map(({ name }) => name).join(", ")}: goes with ${needs[kind]} only`);
  if (given.has(protoFlag) && given.has(reflectFlag))
    throw wrong("--proto and --reflect exclude each other");
  return kind;
}
