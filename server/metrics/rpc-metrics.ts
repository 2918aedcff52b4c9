import { Counter, Histogram, type Registry } from "prom-client";
import { Code, nameOf, ServingError } from "../../proto/serving-error.ts";
import type { Call } from "../../transport/call.ts";
import type { Method, StreamMethod, UnaryMethod } from "../../transport/transport.ts";
import { latencyBucketsSeconds } from "./buckets.ts";

/** Counts and times the calls of methods, under the names that gRPC dashboards expect. */
export type Instrument = (methods: readonly Method[]) => Method[];

export function createInstrument(registry: Registry): Instrument {
  const labels = ["grpc_type", "grpc_service", "grpc_method"] as const;
  const registers = [registry];
  const started = new Counter({
    name: "grpc_server_started_total",
    help: "RPCs that reached their handler.",
    labelNames: labels,
    registers,
  });
  const handled = new Counter({
    name: "grpc_server_handled_total",
    help: "RPCs completed, by the status that the caller got.",
    labelNames: [...labels, "grpc_code"],
    registers,
  });
  const seconds = new Histogram({
    name: "grpc_server_handling_seconds",
    help: "From the handler's start to its end.",
    labelNames: labels,
    buckets: latencyBucketsSeconds,
    registers,
  });

  /** @returns Tells that one call starts; what it returns tells how it ended. */
  function track({ kind, path }: Method): () => (code: Code) => void {
    const [, service = "", method = ""] = path.split("/");
    const values = { grpc_type: kind, grpc_service: service, grpc_method: method };
    const starts = started.labels(values);
    const times = seconds.labels(values);
    // Series that exist from the start have a rate from the first call on.
    starts.inc(0);
    handled.inc({ ...values, grpc_code: spelled(Code.OK) }, 0);
    return () => {
      const startedMs = performance.now();
      starts.inc();
      return (code) => {
        times.observe((performance.now() - startedMs) / 1_000);
        handled.inc({ ...values, grpc_code: spelled(code) });
      };
    };
  }

  return (methods) =>
    methods.map((method) =>
      method.kind === "unary"
        ? trackUnary(method, track(method))
        : trackStream(method, track(method)),
    );
}

type Start = () => (code: Code) => void;

function trackUnary(method: UnaryMethod, start: Start): UnaryMethod {
  return {
    ...method,
    async handle(request, call) {
      const end = start();
      try {
        const reply = await method.handle(request, call);
        end(codeSeen(call));
        return reply;
      } catch (error) {
        end(codeSeen(call, error));
        throw error;
      }
    },
  };
}

function trackStream(method: StreamMethod, start: Start): StreamMethod {
  return {
    ...method,
    async *handle(requests, call) {
      const end = start();
      // Stays when the consumer leaves: nobody waits then.
      let code: Code = Code.CANCELLED;
      try {
        yield* method.handle(requests, call);
        code = codeSeen(call);
      } catch (error) {
        code = codeSeen(call, error);
        throw error;
      } finally {
        end(code);
      }
    },
  };
}

/** A call that was abandoned got its status from that, whatever its handler made of it. */
function codeSeen({ signal }: Call, error?: unknown): Code {
  if (signal.aborted) return ServingError.from(signal.reason).code;
  return error === undefined ? Code.OK : ServingError.from(error).code;
}

/** As Go spells codes, and so the dashboards do: "OK", "Canceled", "InvalidArgument". */
function spelled(code: Code): string {
  if (code === Code.OK) return "OK";
  if (code === Code.CANCELLED) return "Canceled";
  const words = nameOf(code).toLowerCase().split("_");
  return words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join("");
}
