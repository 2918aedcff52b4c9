import { candidates20 } from "./candidates-20.ts";
import { full } from "./full.ts";
import { oneVs50 } from "./one-vs-50.ts";
import { playlist } from "./playlist.ts";
import type { PlaylistProtocol, SequenceProtocol } from "./protocol.ts";
import { sampled } from "./sampled.ts";

export type AnyProtocol = SequenceProtocol | PlaylistProtocol;

/** In the order in which help lists them. */
export const protocols: readonly AnyProtocol[] = [sampled, full, oneVs50, candidates20, playlist];
