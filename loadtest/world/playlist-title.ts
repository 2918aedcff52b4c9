import type { Random } from "../../models/random.ts";
import { pick } from "./styles.ts";
import type { Style } from "./styles.ts";

const moods =
  "Essential, Hidden, Forgotten, Modern, Classic, Gentle, Endless, Midnight, Golden, Brand New, Heavy, Sunny, Underrated, Handpicked, Timeless, Restless".split(
    ", ",
  );

const occasions =
  "Night Drives, Rainy Mornings, Long Runs, Deep Work, Sunday Cooking, Train Rides, Late Shifts, First Coffee, Empty Roads, House Cleaning, Moving Day, Winter Walks, Rooftop Evenings, Garden Work, Study Halls, Long Flights, Road Trips, Bad Weather, Slow Dinners, Bike Rides, Laundry Day, Campfires, Early Trains, Letting Go".split(
    ", ",
  );

/** Always names the style, so that whoever reads it hears what is in it. */
export function playlistTitle(style: Style, random: Random): string {
  const mood = pick(moods, random);
  const occasion = pick(occasions, random);
  switch (random.below(4)) {
    case 0:
      return `${style.name} for ${occasion}`;
    case 1:
      return `${mood} ${style.name}`;
    case 2:
      return `${mood} ${style.name} for ${occasion}`;
    default:
      return `${occasion}: ${style.name}`;
  }
}
