import type { FileStoreKills } from "./file-store-kills.ts";

export function describeFileStoreKills(killed: FileStoreKills): string {
  const { kills, acknowledged, halfWritten, tornLines, unacknowledged, missed } = killed;
  const left = `left: ${halfWritten} half-written files, ${tornLines} torn lines of the log, ${unacknowledged} changes that nobody was told of`;
  const lost = missed.length === 0 ? "nothing torn, nothing lost" : `${missed.length} MISSED`;
  return `${kills} kills, ${acknowledged} acknowledged changes: ${lost}; ${left}`;
}
