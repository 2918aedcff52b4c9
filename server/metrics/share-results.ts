/** Those who ask while an answer is made, or within `forMs` of it, get the same one. A failure is not kept. */
export function shareResults<Result>(
  make: () => Promise<Result>,
  forMs: number,
): () => Promise<Result> {
  let shared: Promise<Result> | undefined;
  let madeMs = -Infinity;
  let isMaking = false;

  async function makeOne(): Promise<Result> {
    isMaking = true;
    try {
      const result = await make();
      madeMs = performance.now();
      return result;
    } finally {
      isMaking = false;
    }
  }

  return () => {
    if (shared === undefined || (!isMaking && performance.now() - madeMs >= forMs))
      shared = makeOne();
    return shared;
  };
}
