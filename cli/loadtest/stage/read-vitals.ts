import type { Vitals } from "../../../loadtest/scenarios/stage.ts";

/** What metrics pages of `serve` and `route` say of calls and memory, together. */
export function readVitals(pages: readonly string[]): Vitals {
  const sum = (name: string) => pages.reduce((all, page) => all + sumIn(page, name), 0);
  return {
    inFlight: sum("grpc_server_started_total") - sum("grpc_server_handled_total"),
    memoryBytes: sum("process_resident_memory_bytes"),
  };
}

/** Of recommendations; of what has no service, everything. */
function sumIn(page: string, name: string): number {
  const lines = page.matchAll(new RegExp(`^${name}(?:\\{(.*)\\})? (\\S+)$`, "gm"));
  return Array.from(lines).reduce((all, [, labels = "", value]) => {
    const isOther = labels.includes("grpc_service=") && !labels.includes(".RecommenderService");
    return isOther ? all : all + Number(value);
  }, 0);
}
