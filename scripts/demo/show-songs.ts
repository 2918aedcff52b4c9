import {
  RecommendRequest,
  RecommendResponse,
  type Track,
} from "../../proto/gen/crossfade/v1/recommender.ts";
import { createWorld, type World } from "../../loadtest/world/create-world.ts";
import type { Channel } from "../../transport/transport.ts";
import { patienceMs, patient } from "./patient.ts";
import { printReply } from "./print-reply.ts";

export interface SongsAsked {
  readonly channel: Channel;
  readonly httpPort: number;
  /** What the model was trained on. */
  readonly tracks: World;
}

const playlist = 7;

/** What goes on a playlist, by the names of what is on it: by gRPC, then by the route that has nothing but names. */
export async function showSongs({ channel, httpPort, tracks }: SongsAsked): Promise<void> {
  const { title } = tracks.playlist(playlist);
  const [first, second] = Array.from(new Set(tracks.playlistTracks(playlist)), (index) =>
    nameOf(tracks, index),
  );
  const strange = strangeTracks(tracks);
  const given: Given[] = [
    { ...first!, how: "as the catalogue has it" },
    { title: `${second!.title.toUpperCase()} (Live)`, artist: second!.artist, how: "otherwise" },
    ...strange,
  ];
  await ask(channel, `What belongs to a playlist, "${title}"`, given);
  await ask(channel, "Of songs that nobody has seen", strange);
  await predict(httpPort, given);
}

interface Given extends Track {
  /** How it is written. */
  readonly how: string;
}

async function ask(channel: Channel, title: string, given: readonly Given[]): Promise<void> {
  const tracks = given.map(({ title: name, artist }) => ({ title: name, artist }));
  const request = RecommendRequest.fromPartial({
    model: "songs",
    tracks,
    excludeHistory: true,
    topK: 5,
  });
  const path = "/crossfade.v1.RecommenderService/Recommend";
  const bytes = await channel.unary(path, RecommendRequest.encode(request).finish(), patient());
  printReply(title, RecommendResponse.decode(bytes));
  for (const one of given) console.log(`    given   ${one.title} by ${one.artist}, ${one.how}`);
}

/** Exactly what callers of such a route have always sent. */
async function predict(httpPort: number, given: readonly Given[]): Promise<void> {
  const tracks = given
    .slice(0, 2)
    .map(({ title, artist }) => ({ track_name: title, artist_name: artist }));
  const body = JSON.stringify({ tracks });
  const reply = await fetch(`http://127.0.0.1:${httpPort}/predict`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    signal: AbortSignal.timeout(patienceMs),
  });
  console.log(`\nPOST /predict ${body}\n${await reply.text()}`);
  if (!reply.ok) throw new Error(`POST /predict: HTTP ${reply.status}`);
}

/** Two songs that are not in the catalogue: of an artist who is, and of one who is not. */
function strangeTracks(tracks: World): readonly Given[] {
  const { artists, tracks: count } = tracks.sizes;
  const { genre } = tracks.playlist(playlist).style;
  const known = new Set(Array.from({ length: count }, (_, index) => keyOf(nameOf(tracks, index))));
  const knownArtists = new Set(
    Array.from({ length: artists }, (_, index) => tracks.artist(index).name),
  );
  const more = createWorld({ tracks: 2 * count, artists });
  const others = createWorld({ tracks: 20 * artists, artists: 10 * artists });
  const isOfGenre = (world: World, index: number) =>
    world.artist(world.track(index).artist).style.genre === genre;
  const ofKnown = find(
    count,
    (index) => isOfGenre(more, index) && !known.has(keyOf(nameOf(more, index))),
  );
  const ofUnknown = find(
    artists,
    (index) => isOfGenre(others, index) && !knownArtists.has(nameOf(others, index).artist),
  );
  return [
    { ...nameOf(more, ofKnown), how: "new, of an artist with other songs" },
    { ...nameOf(others, ofUnknown), how: "new, and so is the artist" },
  ];
}

function nameOf(world: World, index: number): Track {
  const { title, artist } = world.track(index);
  return { title, artist: world.artist(artist).name };
}

function keyOf({ title, artist }: Track): string {
  return `${title}\t${artist}`;
}

/** Worlds are endless. */
function find(from: number, isWanted: (index: number) => boolean): number {
  let index = from;
  while (!isWanted(index)) index++;
  return index;
}
