/** Something that gathers work, to do it at once. */
export interface Gathering {
  turnEnded(): void;
}

let gathered: Gathering[] = [];

/** Once, when all that came in this turn of the event loop has been looked at, promises' reactions included. */
export function atTurnEnd(gathering: Gathering): void {
  if (gathered.push(gathering) === 1) setImmediate(endTurn);
}

function endTurn(): void {
  const ended = gathered;
  gathered = [];
  for (const one of ended) one.turnEnded();
}
