/** Ms of a run by rows, as measured; linear between the measured sizes. */
export type CostCurve = (rows: number) => number;

export interface Cost {
  readonly rows: number;
  readonly ms: number;
}

/** @param costs By ascending rows. */
export function createCostCurve(costs: readonly Cost[]): CostCurve {
  return (rows) => {
    const above = Math.max(
      1,
      costs.findIndex((cost) => cost.rows >= rows),
    );
    const [a, b] = [costs[above - 1]!, costs[above] ?? costs[above - 1]!];
    return b.rows === a.rows ? b.ms : a.ms + ((b.ms - a.ms) * (rows - a.rows)) / (b.rows - a.rows);
  };
}

/** Of the size that does the most rows per ms. */
export function bestCost(costs: readonly Cost[]): Cost {
  return costs.reduce((best, cost) => (cost.rows / cost.ms > best.rows / best.ms ? cost : best));
}
