import type { RouterReport } from "../observe/router-report.ts";

interface Key extends Pick<RouterReport, "router"> {
  readonly instance?: string | undefined;
}

/** By what a store keeps a report: one for each process, also where two have one name. */
export function reportKeyOf({ router, instance }: Key): string {
  return instance === undefined ? router : `${router}\n${instance}`;
}

export function readReportKey(key: string): Pick<RouterReport, "router" | "instance"> {
  const [router = "", instance] = key.split("\n");
  return { router, ...(instance !== undefined && { instance }) };
}
