/** Of what a playlist goes on with, as the Million Playlist challenge measures it (by track). */
export interface PlaylistFigures {
  /** Hits among the first as many as there are targets, over their number. */
  readonly rPrecision: number;
  readonly recallAt50: number;
  readonly ndcgAt50: number;
  /** How often "more" is clicked, ten tracks each time, until a target is shown; 51 when none is among 500. */
  readonly clicks: number;
}

const cut = 50;
export const listLength = 500;
const perClick = 10;
const neverClicks = listLength / perClick + 1;

export function playlistFigures(
  ranking: readonly string[],
  targets: ReadonlySet<string>,
): PlaylistFigures {
  const isHit = ranking.slice(0, listLength).map((id) => targets.has(id));
  const first = isHit.indexOf(true);
  return {
    rPrecision: hits(isHit, targets.size) / targets.size,
    recallAt50: hits(isHit, cut) / targets.size,
    ndcgAt50: gain(isHit.slice(0, cut)) / idealGain(targets.size),
    clicks: first < 0 ? neverClicks : Math.floor(first / perClick),
  };
}

export interface RandomOf {
  readonly targets: number;
  /** Targets that are among the items at all. */
  readonly reachable: number;
  /** What chance draws from. */
  readonly items: number;
}

/** Of a list that chance alone has put in order. */
export function randomFigures({ targets, reachable, items }: RandomOf): PlaylistFigures {
  const share = items === 0 ? 0 : reachable / items;
  return {
    rPrecision: (share * Math.min(targets, items, listLength)) / targets,
    recallAt50: (share * Math.min(cut, items)) / targets,
    ndcgAt50:
      (share * gain(Array.from({ length: Math.min(cut, items) }, () => true))) / idealGain(targets),
    clicks: randomClicks(reachable, items),
  };
}

/** The sum of the chances that the first 10, 20, … hold no target. */
function randomClicks(targets: number, items: number): number {
  let sum = 0;
  let none = 1;
  for (let shown = 0; shown < listLength; shown++) {
    if (shown < items) none *= Math.max(0, items - targets - shown) / (items - shown);
    if ((shown + 1) % perClick === 0) sum += none;
  }
  return sum + none;
}

function hits(isHit: readonly boolean[], first: number): number {
  return isHit.slice(0, first).filter(Boolean).length;
}

function gain(isHit: readonly boolean[]): number {
  return isHit.reduce((sum, hit, rank) => (hit ? sum + 1 / Math.log2(rank + 2) : sum), 0);
}

function idealGain(targets: number): number {
  return gain(Array.from({ length: Math.min(cut, targets) }, () => true));
}
