import type { RequestView } from "./request-view.ts";
import { ServingError } from "./serving-error.ts";
import { invalidUtf8, isUtf8Span } from "./utf8.ts";

const maxNameBytes = 65_536;
const names = ["title", "artist"] as const;

/** Refuses tracks that name nothing, and names that are too long or no text. They may hold a NUL: nobody looks them up. */
export function assertTracks({ bytes, tracks }: RequestView): void {
  const { count, width, offsets } = tracks;
  for (let index = 0; index < count; index++) {
    const at = width * index;
    let size = 0;
    for (let name = 0; name < names.length; name++) {
      const start = offsets[at + 2 * name]!;
      const end = offsets[at + 2 * name + 1]!;
      size += end - start;
      if (end - start > maxNameBytes) throw tooLong(placeOf(index, name), end - start);
      if (!isUtf8Span(bytes, start, end)) throw invalidUtf8(placeOf(index, name));
    }
    if (size === 0) throw nameless(index);
  }
}

function placeOf(index: number, name: number): string {
  return `tracks[${index}].${names[name]}`;
}

function tooLong(place: string, size: number): ServingError {
  return new ServingError(
    "INVALID_ARGUMENT",
    `${place} has ${size} bytes; send at most ${maxNameBytes}`,
  );
}

function nameless(index: number): ServingError {
  return new ServingError(
    "INVALID_ARGUMENT",
    `tracks[${index}] has neither a title nor an artist; give it one, or leave it out`,
  );
}
