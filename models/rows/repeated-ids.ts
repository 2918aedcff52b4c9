/** @returns Remembers an id and its line, and complains of one that was there before. */
export function createRepeats(): (id: string, line: number) => string | undefined {
  const seen = new Map<string, number>();
  return (id, line) => {
    const before = seen.get(id);
    seen.set(id, line);
    return before === undefined
      ? undefined
      : `the id ${JSON.stringify(id)} is that of line ${before}`;
  };
}
