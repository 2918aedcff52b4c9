import { readFile } from "node:fs/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import { ServingError } from "../../../proto/serving-error.ts";
import { partFile, type Bundle } from "../../bundle/bundle.ts";
import type { NewPart } from "../../bundle/write-bundle.ts";
import { rowComplaints } from "../../rows/row-complaints.ts";
import { rowsOf } from "../../rows/text-rows.ts";
import { playlistLineOf, readPlaylists, type Playlist } from "./playlists.ts";

/** Playlists that no variant reads: when items are added, they say whether the variants still answer alike. */
export const probesPart = "probes";

const maxTextBytes = 2 ** 29;

export function probesPartOf(playlists: readonly Playlist[], version: string): NewPart {
  const lines = playlists.map((playlist) => `${playlistLineOf(playlist)}\n`);
  // As small as it gets: it is written once.
  const content = gzipSync(lines.join(""), { level: 9 });
  return { file: `${probesPart}.jsonl.gz`, version, content };
}

/** Throws FAILED_PRECONDITION for a part that is damaged. */
export async function readProbesPart(
  bundle: Bundle,
  isItem: (id: string) => boolean,
): Promise<readonly Playlist[]> {
  const path = partFile(bundle, probesPart);
  const problems: string[] = [];
  const complaints = rowComplaints(path, problems);
  const playlists = readPlaylists(rowsOf(await unzipped(path)), isItem, complaints);
  complaints.end();
  if (problems.length > 0) throw damaged(problems.join("; "));
  return playlists;
}

async function unzipped(path: string): Promise<string> {
  try {
    return gunzipSync(await readFile(path), { maxOutputLength: maxTextBytes }).toString();
  } catch (error) {
    throw damaged(`${path}: ${(error as Error).message}`);
  }
}

function damaged(problem: string): ServingError {
  return new ServingError(
    "FAILED_PRECONDITION",
    `the probes cannot be read; export the bundle again: ${problem}`,
  );
}
