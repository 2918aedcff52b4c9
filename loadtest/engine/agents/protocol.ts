import type { Share } from "../../pace/deal.ts";
import { reviveHistograms } from "../../histogram/read-histogram.ts";
import type { RunProgress } from "../../run-progress.ts";
import type { RunReport } from "../run-report.ts";

/*
 * Coordinator and agent talk JSON over two gRPC methods. A run is one stream: when it breaks, the agent stops sending
 * load, and the coordinator has lost an agent.
 */

/** Unary: what the agent's clock shows, again and again, to learn how far it is ahead. */
export const clockPath = "/crossfade.loadtest.Agent/Clock";
/** Bidirectional: commands, and what the agent says to them. */
export const runPath = "/crossfade.loadtest.Agent/Run";

/** A plan comes whole, with its requests; a report, which grows with the run, in pieces. */
export const maxMessageBytes = 64 * 2 ** 20;
const pieceLength = 4 * 2 ** 20;

/** In this order: prepare, start, perhaps stop. */
export type Command =
  | { readonly kind: "prepare"; readonly share: Share; readonly plan: string }
  /** Since 1970 by the agent's clock. */
  | { readonly kind: "start"; readonly countFromMs: number }
  | { readonly kind: "stop"; readonly because: string };

/** In this order: ready, progress again and again, the pieces of the report. */
export type Saying =
  | { readonly kind: "ready" }
  | { readonly kind: "progress"; readonly progress: RunProgress }
  | { readonly kind: "report"; readonly piece: string; readonly isLast: boolean };

export interface ClockReply {
  readonly nowMs: number;
}

export function encode(message: Command | Saying | ClockReply): Uint8Array {
  return Buffer.from(JSON.stringify(message));
}

/** Throws an Error for what is no JSON; its shape is the sender's word, who had the token. */
export function decode(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString(), reviveHistograms);
}

export function piecesOf(report: RunReport): Saying[] {
  const json = JSON.stringify(report);
  const pieces: Saying[] = [];
  for (let at = 0; at < json.length; at += pieceLength) {
    const piece = json.slice(at, at + pieceLength);
    pieces.push({ kind: "report", piece, isLast: at + pieceLength >= json.length });
  }
  return pieces;
}

export function reportOf(pieces: readonly string[]): RunReport {
  return JSON.parse(pieces.join(""), reviveHistograms) as RunReport;
}

/** The metadata of a call, and what of it is looked at. */
export const tokenKey = "authorization";

export function tokenValue(token: string): string {
  return `Bearer ${token}`;
}
