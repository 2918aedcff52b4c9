import { plain, type Route } from "./route.ts";

/** What orchestrators and balancers ask; the same as on the metrics port. */
export function probeRoutes(isReady: () => boolean): Route[] {
  return [
    {
      method: "GET",
      template: "/healthz",
      operation: {
        id: "isAlive",
        summary: "The process answers",
        replies: { 200: { description: "It does." } },
      },
      handle: () => plain(200, "ok"),
    },
    {
      method: "GET",
      template: "/readyz",
      operation: {
        id: "isReady",
        summary: "The process wants requests",
        replies: { 200: { description: "It does." }, 503: { description: "Not now." } },
      },
      handle: () => (isReady() ? plain(200, "ready") : plain(503, "not ready")),
    },
  ];
}
