import { buildCatalogue } from "../../models/catalogue/build-index.ts";
import { buildNameIndex } from "../../models/names/build-name-index.ts";
import { maxNameBytes } from "../../models/names/folded-name.ts";
import { fuzzedName } from "../../models/names/fuzzed-names.fixture.ts";
import { createGrams } from "../../models/names/grams.ts";
import type { NameIndex } from "../../models/names/name-index.ts";
import { openNameIndex } from "../../models/names/open-name-index.ts";
import { createTrackName } from "../../models/names/track-name.ts";
import { createWorld } from "../../loadtest/world/create-world.ts";
import { interleaved } from "./interleaved.ts";
import { formatTable } from "./table.ts";

const trackCount = 20_000;
const buckets = 65_536;
const longBytes = 10_000;
const boundNs = 5_000;

/** Tracks in one buffer, as requests have them. */
interface Tracks {
  readonly bytes: Uint8Array;
  readonly offsets: Int32Array;
  readonly count: number;
}

/** CPU time per name (a track has two), from its bytes to what the model reads, beside a plain pass over the bytes. */
export async function run(): Promise<void> {
  const index = createWorldIndex();
  const sets = { short: worldTracks(), fuzzed: fuzzedTracks(), ...longTracks() };
  const results = [];
  for (const [name, tracks] of Object.entries(sets)) {
    results.push({ name, ...(await measure(tracks, index)) });
  }
  const isHeld = results[0]!.all <= boundNs;
  const rows = results.map(({ name, bytesPerName, floor, fold, grams, find, all }) =>
    [name, bytesPerName, floor, fold, grams, find, all].map((cell) =>
      typeof cell === "number" ? cell.toFixed(0) : cell,
    ),
  );
  const headings = [
    "names",
    "bytes",
    "a pass over them (floor) ns",
    "fold ns",
    "and grams ns",
    "and find ns",
    "all ns",
  ];
  console.log(formatTable(headings, rows));
  console.log(
    `At most ${boundNs} ns per short name: ${isHeld ? "held" : "missed"}. Names of 10 kB cost what their first ${maxNameBytes} bytes do.`,
  );
  if (!isHeld) process.exitCode = 1;
  const heapBytesPerTrack = heapBytesOf(sets.short, index);
  console.log(
    `Garbage per track that is read and looked for: ${heapBytesPerTrack.toFixed(2)} bytes.`,
  );
  console.log(
    `RESULT ${JSON.stringify({ benchmark: "names", boundNs, heapBytesPerTrack, results })}`,
  );
}

async function measure(tracks: Tracks, index: NameIndex) {
  const track = createTrackName();
  const grams = createGrams(buckets);
  const each = (work: () => void) => () => {
    for (let i = 0; i < tracks.count; i++) {
      track.read(tracks.bytes, tracks.offsets, 4 * i);
      work();
    }
  };
  const { cpuMs, lostShare } = await interleaved(
    {
      floor: () => passOver(tracks),
      fold: each(() => {}),
      grams: each(() => grams.read(track)),
      find: each(() => index.find(track)),
    },
    { rounds: 7, sliceMs: 100 },
  );
  const perName = (ms: number) => (ms * 1e6) / (2 * tracks.count);
  return {
    bytesPerName: tracks.bytes.length / (2 * tracks.count),
    floor: perName(cpuMs.floor),
    fold: perName(cpuMs.fold),
    grams: perName(cpuMs.grams),
    find: perName(cpuMs.find),
    all: perName(cpuMs.grams + cpuMs.find - cpuMs.fold),
    lostShare,
  };
}

let seen = 0;

function passOver({ bytes }: Tracks): void {
  let sum = 0;
  for (let at = 0; at < bytes.length; at++) sum += bytes[at]!;
  seen ^= sum;
}

/** What is left on the heap behind many tracks, when nothing collects it. */
function heapBytesOf(tracks: Tracks, index: NameIndex): number {
  const track = createTrackName();
  const grams = createGrams(buckets);
  const pass = () => {
    for (let i = 0; i < tracks.count; i++) {
      track.read(tracks.bytes, tracks.offsets, 4 * i);
      index.find(track);
      grams.read(track);
    }
  };
  const passes = 10;
  // What the compiler leaves behind is not what is asked.
  for (let i = 0; i < 5 * passes; i++) pass();
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < passes; i++) pass();
  return Math.max(0, process.memoryUsage().heapUsed - before) / (passes * tracks.count);
}

function createWorldIndex(): NameIndex {
  const world = createWorld({ tracks: trackCount });
  const catalogue = buildCatalogue(
    Array.from({ length: trackCount }, (_, i) => {
      const { id, title, artist } = world.track(i);
      return { id, title, artist: world.artist(artist).name };
    }),
  );
  const { names, chains } = buildNameIndex(catalogue, new Float32Array(trackCount));
  return openNameIndex({ names: names.buffer, chains: chains.buffer }, catalogue);
}

function worldTracks(): Tracks {
  const world = createWorld({ tracks: trackCount });
  return tracksOf(
    Array.from({ length: 2000 }, (_, i) => {
      const { title, artist } = world.track(i);
      return [Buffer.from(title), Buffer.from(world.artist(artist).name)];
    }),
  );
}

function fuzzedTracks(): Tracks {
  const names = Array.from({ length: 4000 }, (_, i) => fuzzedName(i));
  const short = names.filter(({ length }) => length > 0 && length <= 64);
  return tracksOf(short.map((name, i) => [name, short[(i + 1) % short.length]!]));
}

function longTracks(): Record<"10 kB" | "their start", Tracks> {
  const names = Array.from({ length: 30_000 }, (_, i) => fuzzedName(i));
  const long = names.filter(({ length }) => length === longBytes).slice(0, 200);
  const cut = long.map((name) => name.subarray(0, maxNameBytes));
  return {
    "their start": tracksOf(cut.map((name) => [name, name])),
    "10 kB": tracksOf(long.map((name) => [name, name])),
  };
}

function tracksOf(names: readonly (readonly [title: Buffer, artist: Buffer])[]): Tracks {
  const offsets = new Int32Array(4 * names.length);
  let at = 0;
  names.forEach(([title, artist], i) => {
    offsets.set(
      [at, at + title.length, at + title.length, at + title.length + artist.length],
      4 * i,
    );
    at += title.length + artist.length;
  });
  return { bytes: Buffer.concat(names.flat()), offsets, count: names.length };
}
