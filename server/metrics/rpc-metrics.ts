import { Counter, Histogram, type Registry } from "prom-client";
import { Code, nameOf } from "../../proto/serving-error.ts";
import type { Method, ServerOptions } from "../../transport/transport.ts";
import { latencyBucketsSeconds } from "./buckets.ts";
import { readWhenShown } from "./read-when-shown.ts";

/** Counts and times calls of these methods, and of none, under the names that gRPC dashboards expect. */
export type ObserveCalls = (methods: readonly Method[]) => NonNullable<ServerOptions["onCall"]>;

const labels = ["grpc_type", "grpc_service", "grpc_method"] as const;
type CallLabels = Record<(typeof labels)[number], string>;

/** Callers choose what they ask for, so that it makes no labels. */
const noMethod: CallLabels = {
  grpc_type: "unknown",
  grpc_service: "unknown",
  grpc_method: "unknown",
};

export function createCallMetrics(registry: Registry): ObserveCalls {
  const series = createSeries(registry);
  return (methods) => {
    const trackers = new Map(methods.map((method) => [method, track(labelsOf(method), series)]));
    const trackUnknown = track(noMethod, series);
    return (method) => ((method && trackers.get(method)) ?? trackUnknown)();
  };
}

function createSeries(registry: Registry) {
  const registers = [registry];
  const started = new Counter({
    name: "grpc_server_started_total",
    help: "RPCs whose headers came.",
    labelNames: labels,
    registers,
  });
  const handled = new Counter({
    name: "grpc_server_handled_total",
    help: "RPCs completed, by the status that the caller got; refused ones too.",
    labelNames: [...labels, "grpc_code"],
    registers,
  });
  const seconds = new Histogram({
    name: "grpc_server_handling_seconds",
    help: "From a call's headers to its status.",
    labelNames: labels,
    buckets: latencyBucketsSeconds,
    registers,
  });
  return { started, handled, seconds, open: countOpen(registry) };
}

interface Open {
  readonly values: CallLabels;
  calls: number;
}

function countOpen(registry: Registry): Open[] {
  const open: Open[] = [];
  const series = {
    kind: "gauge",
    name: "crossfade_in_flight_calls",
    help: "RPCs whose headers came and whose status has not been sent.",
    labelNames: labels,
  } as const;
  readWhenShown(registry, series, (add) => {
    for (const { values, calls } of open) add(values, calls);
  });
  return open;
}

/** @returns Tells that one call starts; what it returns tells how it ended. */
function track(
  values: CallLabels,
  { started, handled, seconds, open }: ReturnType<typeof createSeries>,
): () => (code: Code) => void {
  const own = { values, calls: 0 };
  open.push(own);
  const starts = started.labels(values);
  const times = seconds.labels(values);
  // Series that exist from the start have a rate from the first call on.
  starts.inc(0);
  handled.inc({ ...values, grpc_code: spelled(Code.OK) }, 0);
  return () => {
    const startedMs = performance.now();
    starts.inc();
    own.calls++;
    return (code) => {
      own.calls--;
      times.observe((performance.now() - startedMs) / 1_000);
      handled.inc({ ...values, grpc_code: spelled(code) });
    };
  };
}

function labelsOf({ kind, path }: Method): CallLabels {
  const [, service = "", method = ""] = path.split("/");
  return { grpc_type: kind, grpc_service: service, grpc_method: method };
}

/** As Go spells codes, and so the dashboards do: "OK", "Canceled", "InvalidArgument". */
function spelled(code: Code): string {
  if (code === Code.OK) return "OK";
  if (code === Code.CANCELLED) return "Canceled";
  const words = nameOf(code).toLowerCase().split("_");
  return words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join("");
}
