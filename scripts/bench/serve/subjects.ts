import type { Tensors } from "../../../models/tensors.ts";
import type { RawSession } from "../batching/raw-session.ts";
import type { CannedServer } from "../live/canned-server.ts";
import type { Generator } from "../live/generator.ts";
import type { LoadReport } from "../live/load.ts";
import type { ServerProcess } from "../live/server-process.ts";

/** Everything that takes turns. */
export interface Subjects {
  readonly server: ServerProcess;
  readonly canned: CannedServer;
  readonly generator: Generator;
  /** Encoded Recommend requests. */
  readonly unary: readonly Uint8Array[];
  /** One encoded BatchRecommend. */
  readonly batch: Uint8Array;
  readonly bare: RawSession;
  /** The rows of that batch as feeds, so many a run. */
  readonly encode: (rowsPerRun: number) => readonly Tensors[];
}

export interface Asking {
  readonly generator: Generator;
  readonly address: string;
}

/** The reply to one call; throws when there is none. */
export async function askOnce(
  { generator, address }: Asking,
  path: string,
  request: Uint8Array,
): Promise<Uint8Array> {
  const pace = { kind: "closed", streams: 1, calls: 1 } as const;
  const [report] = await generator.run({
    address,
    path,
    requests: [request],
    connections: 1,
    pace,
  });
  if (report?.reply !== undefined) return report.reply;
  throw new Error(`${path} was not answered: ${JSON.stringify(report?.messages)}`);
}

/** What went wrong in a load where nothing should. */
export function failuresOf(what: string, { codes, messages }: LoadReport): string[] {
  return Object.keys(messages).map(
    (code) => `${what}: ${codes[code]} calls ended with ${code}, "${messages[code]}"`,
  );
}
