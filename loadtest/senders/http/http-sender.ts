import { ServingError } from "../../../proto/serving-error.ts";
import type { RunPlan } from "../../run-plan.ts";
import type { HttpRoute } from "../../workload.ts";
import type { OpenSender } from "../sender.ts";
import { createDialer } from "./dialer.ts";
import { HttpConnection } from "./http-connection.ts";
import { failureOf } from "./http-failure.ts";
import { createRequestWriter } from "./request-writer.ts";

/** Throws for a route or headers that cannot be sent. */
export function httpSenders({ tls, workload }: RunPlan, route: HttpRoute): OpenSender {
  return (target, ended) => {
    const dialer = createDialer(target, tls);
    const write = createRequestWriter({
      route,
      headers: workload.metadata,
      host: dialer.authority,
    });
    // The stream of the call under way: a connection has one at a time.
    let stream = 0;
    const connection = new HttpConnection(dialer, {
      answered({ status, body }) {
        if (status >= 200 && status < 300) ended.answered(stream, body);
        else ended.failed(stream, failureOf(status, body));
      },
      failed: (error) => ended.failed(stream, error),
    });
    return {
      connect: () => reach(target, connection),
      send(index, request, deadlineMs) {
        stream = index;
        connection.call(write(request, deadlineMs), deadlineMs);
      },
      cancel: () => connection.cancel(),
      close: () => connection.close(),
    };
  };
}

async function reach(target: string, connection: HttpConnection): Promise<void> {
  try {
    await connection.connect();
  } catch (cause) {
    const { message } = ServingError.from(cause);
    const why = `${target} cannot be reached: ${message}`;
    throw new ServingError("UNAVAILABLE", why, { isLost: true, cause });
  }
}
