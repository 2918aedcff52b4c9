import { listenerId, trackId } from "../../loadtest/world/create-world.ts";
import { writeWorld } from "./write-world.ts";

await writeWorld({
  name: "world-listens",
  summary:
    "Writes what the listeners of an invented music service listened to, as a table that scripts/train/train reads.",
  columns: ["user", "item", "title"],
  countOf: (world) => world.sizes.listeners,
  linesOf: (world, listener) =>
    Array.from(world.listens(listener), (index) => {
      const { title, artist } = world.track(index);
      return [listenerId(listener), trackId(index), `${title} by ${world.artist(artist).name}`];
    }),
});
