import { Counter, Histogram, type Registry } from "prom-client";
import type { HttpMeter } from "../http/gateway.ts";
import { latencyBucketsSeconds } from "./buckets.ts";

/** Routes are templates, so that the series are as many as the routes. */
export function createHttpMeter(registry: Registry): HttpMeter {
  const labelNames = ["route", "method"] as const;
  const registers = [registry];
  const requests = new Counter({
    name: "http_server_requests_total",
    help: "HTTP requests answered, by status; 499: the caller had gone.",
    labelNames: [...labelNames, "code"],
    registers,
  });
  const seconds = new Histogram({
    name: "http_server_request_duration_seconds",
    help: "From the end of a request's headers to its answer.",
    labelNames,
    buckets: latencyBucketsSeconds,
    registers,
  });
  return {
    answered({ route, method }, status, tookMs) {
      requests.inc({ route, method, code: status });
      seconds.observe({ route, method }, tookMs / 1_000);
    },
  };
}
