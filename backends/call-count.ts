/** Knows whether anything is under way. */
export interface CallCount {
  during<T>(act: () => Promise<T>): Promise<T>;
  /** Resolves once nothing is. */
  none(): Promise<void>;
}

export function createCallCount(): CallCount {
  let count = 0;
  const waiting: (() => void)[] = [];
  return {
    async during(act) {
      count++;
      try {
        return await act();
      } finally {
        count--;
        if (count === 0) for (const resolve of waiting.splice(0)) resolve();
      }
    },
    async none() {
      if (count > 0) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}
