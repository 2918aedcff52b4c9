import { playlistId, trackId } from "../../loadtest/world/create-world.ts";
import { writeWorld } from "./write-world.ts";

await writeWorld({
  name: "world-playlists",
  summary:
    "Writes the playlists of an invented music service, tracks by name, as a table that scripts/train/train cold-start reads.",
  columns: ["playlist", "item", "title", "artist"],
  countOf: (world) => world.sizes.playlists,
  linesOf: (world, playlist) =>
    Array.from(world.playlistTracks(playlist), (index) => {
      const { title, artist } = world.track(index);
      return [playlistId(playlist), trackId(index), title, world.artist(artist).name];
    }),
});
