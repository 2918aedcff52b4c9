import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runProgram } from "../client/program.ts";
import type { Tool, ToolReport } from "./tool.ts";
import { truthProto, truthRequest } from "./truth-request.ts";

/** As ghz writes it; times are ns. */
interface GhzReport {
  readonly count: number;
  readonly rps: number;
  readonly details: readonly { readonly latency: number; readonly status: string }[];
}

export interface GhzPlace {
  readonly program: string;
  /** For what it reads. */
  readonly scratch: string;
}

/** @param isAsync With `--async`: a call is sent though those before were not answered. */
export function ghzTool({ program, scratch }: GhzPlace, isAsync: boolean): Tool {
  return {
    name: isAsync ? "ghz --async" : "ghz",
    async run({ address, perSecond, callers, connections, forMs }) {
      if (perSecond === undefined && isAsync) return undefined;
      const [proto, binary] = [join(scratch, "truth.proto"), join(scratch, "request")];
      await writeFile(proto, truthProto);
      await writeFile(binary, truthRequest);
      const { output } = await runProgram(program, [
        "--insecure",
        `--proto=${proto}`,
        "--call=crossfade.bench.Truth/Wait",
        `--binary-file=${binary}`,
        `--connections=${connections}`,
        `--concurrency=${callers}`,
        ...(perSecond === undefined ? [] : [`--rps=${perSecond}`]),
        ...(isAsync ? ["--async"] : []),
        `--duration=${forMs}ms`,
        "--duration-stop=wait",
        "--format=json",
        address,
      ]);
      return reportOf(JSON.parse(output) as GhzReport);
    },
  };
}

function reportOf({ count, rps, details }: GhzReport): ToolReport {
  const ok = details.filter(({ status }) => status === "OK");
  const sorted = Float64Array.from(ok, ({ latency }) => latency / 1e6).sort();
  return {
    calls: count,
    failed: count - ok.length,
    perSecond: rps,
    at: (share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN,
  };
}
