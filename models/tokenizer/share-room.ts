/**
 * How many tokens two names keep where both have more than there is room for: the longer one gives way until both are equally long,
 * and has the odd one; of two that are equally long the second.
 */
export function shareRoom(first: number, second: number, room: number): readonly [number, number] {
  if (first + second <= room) return [first, second];
  const half = Math.floor(room / 2);
  const shorter = Math.min(first, second, half);
  const longer = room - shorter;
  return first > second ? [longer, shorter] : [shorter, longer];
}
