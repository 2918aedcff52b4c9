import { median } from "../interleaved.ts";
import { cpuTimes } from "../live/process-figures.ts";
import { recommendPath } from "../live/requests.ts";
import { failuresOf, type Subjects } from "./subjects.ts";

const connections = 4;
const streamsPerConnection = 16;

export interface CallFigures {
  /** Of the server process, all threads, per call. */
  readonly cpuUs: number;
  /** The part of the thread that reads and writes the network. */
  readonly mainUs: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly generatorUs: number;
}

export interface UnaryFigures {
  readonly canned: CallFigures;
  readonly server: CallFigures;
  readonly timesCanned: number;
  readonly failures: readonly string[];
}

/** The two servers, one after the other. */
export async function unaryRound(
  subjects: Subjects,
  { forMs }: { readonly forMs: number },
): Promise<UnaryFigures> {
  const failures: string[] = [];
  const measure = async (target: Subjects["canned"]): Promise<CallFigures> => {
    const { generator, unary } = subjects;
    const pace = { kind: "closed", streams: connections * streamsPerConnection, forMs } as const;
    const before = { ...cpuTimes(target.pid), generatorMs: generator.cpuMs() };
    const [report] = await generator.run({
      address: target.address,
      path: recommendPath,
      requests: unary,
      connections,
      pace,
    });
    const after = cpuTimes(target.pid);
    const { calls, tookMs, latencies } = report!;
    failures.push(...failuresOf("Recommend", report!));
    const perCallUs = (ms: number) => (1_000 * ms) / calls;
    return {
      cpuUs: perCallUs(after.allMs - before.allMs),
      mainUs: perCallUs(after.mainMs - before.mainMs),
      perSecond: (1_000 * calls) / tookMs,
      p50Ms: latencies.p50,
      generatorUs: perCallUs(generator.cpuMs() - before.generatorMs),
    };
  };
  const canned = await measure(subjects.canned);
  const server = await measure(subjects.server);
  return { canned, server, timesCanned: server.cpuUs / canned.cpuUs, failures };
}

export function medianUnary(rounds: readonly UnaryFigures[]): UnaryFigures {
  const of = (pick: (round: UnaryFigures) => number) => median(rounds.map(pick));
  const callsOf = (who: "canned" | "server"): CallFigures => ({
    cpuUs: of((round) => round[who].cpuUs),
    mainUs: of((round) => round[who].mainUs),
    perSecond: of((round) => round[who].perSecond),
    p50Ms: of((round) => round[who].p50Ms),
    generatorUs: of((round) => round[who].generatorUs),
  });
  return {
    canned: callsOf("canned"),
    server: callsOf("server"),
    timesCanned: of((round) => round.timesCanned),
    failures: rounds.flatMap(({ failures }) => failures),
  };
}
