import { decodeMessage } from "../../proto/decode-message.ts";
import {
  HealthCheckRequest,
  HealthCheckResponse,
  HealthCheckResponse_ServingStatus as ServingStatus,
  HealthListRequest,
  HealthListResponse,
} from "../../proto/gen/grpc/health/v1/health.ts";
import { ServingError } from "../../proto/serving-error.ts";
import type { Method } from "../../transport/transport.ts";
import { checkNameLength } from "../check-name-length.ts";
import type { Health, HealthStatus } from "./health.ts";

/**
 * grpc.health.v1.Health. Watches end with UNAVAILABLE when `closing` aborts, so that they do not hold a server up that
 * drains; their callers then ask the next one.
 */
export function healthService(health: Health, closing: AbortSignal): Method[] {
  return [
    {
      kind: "unary",
      path: "/grpc.health.v1.Health/Check",
      async handle(request) {
        const name = serviceIn(request);
        const status = health.status(name);
        if (status === undefined) throw unknownName(name, health);
        return encode(status);
      },
    },
    {
      kind: "unary",
      path: "/grpc.health.v1.Health/List",
      async handle(request) {
        decodeMessage(HealthListRequest, request, "HealthListRequest");
        const statuses = Array.from(health.list(), ([name, status]) => [
          name,
          { status: ServingStatus[status] },
        ]);
        return HealthListResponse.encode({ statuses: Object.fromEntries(statuses) }).finish();
      },
    },
    {
      kind: "server_stream",
      path: "/grpc.health.v1.Health/Watch",
      async *handle(requests, { signal }) {
        const name = serviceIn(await first(requests));
        yield* watch(health, name, [signal, closing]);
        if (closing.aborted) throw new ServingError("UNAVAILABLE", "the server is shutting down");
      },
    },
  ];
}

/** The status of a name now and whenever it changes, until one of the signals aborts. */
async function* watch(health: Health, name: string, until: readonly AbortSignal[]) {
  let sent: HealthStatus | "SERVICE_UNKNOWN" | undefined;
  let wake: (() => void) | undefined;
  const woken = () => wake?.();
  const leave = health.watch(name, woken);
  for (const signal of until) signal.addEventListener("abort", woken);
  try {
    while (!until.some(({ aborted }) => aborted)) {
      const status = health.status(name) ?? "SERVICE_UNKNOWN";
      if (status === sent) await new Promise<void>((resolve) => (wake = resolve));
      else yield encode((sent = status));
    }
  } finally {
    leave();
    for (const signal of until) signal.removeEventListener("abort", woken);
  }
}

function serviceIn(request: Uint8Array): string {
  const { service } = decodeMessage(HealthCheckRequest, request, "HealthCheckRequest");
  // A Watch keeps its name for as long as it lasts.
  checkNameLength("service", service);
  return service;
}

async function first(requests: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  for await (const request of requests) return request;
  throw new ServingError("INVALID_ARGUMENT", "Watch needs a HealthCheckRequest; none came");
}

function encode(status: HealthStatus | "SERVICE_UNKNOWN"): Uint8Array {
  return HealthCheckResponse.encode({ status: ServingStatus[status] }).finish();
}

function unknownName(name: string, health: Health): ServingError {
  const known = [...health.list().keys()].map((one) => JSON.stringify(one)).join(", ");
  return new ServingError(
    "NOT_FOUND",
    `no service ${JSON.stringify(name)} here; ask for one of ${known}`,
  );
}
