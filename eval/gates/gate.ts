/** What a figure must be, e.g. "HR@10>=0.81". */
export interface Gate {
  /** As it was written. */
  readonly text: string;
  /** Of a part by its key; undefined: the first that has the figure. */
  readonly part?: string;
  readonly figure: string;
  readonly operator: Operator;
  readonly bound: number;
}

export type Operator = ">=" | "<=" | ">" | "<";

const holds: Readonly<Record<Operator, (value: number, bound: number) => boolean>> = {
  ">=": (value, bound) => value >= bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  "<": (value, bound) => value < bound,
};

const form = /^\s*(?:([\w-]+)\.)?(.*?[^\s<>=])\s*(>=|<=|>|<)\s*(-?\d+(?:\.\d+)?)\s*$/;

/** Undefined: it is none. */
export function parseGate(text: string): Gate | undefined {
  const [, part, figure, operator, bound] = form.exec(text) ?? [];
  if (figure === undefined) return undefined;
  return {
    text: text.trim(),
    ...(part !== undefined && { part }),
    figure,
    operator: operator as Operator,
    bound: Number(bound),
  };
}

/** What is no number meets nothing. */
export function isMet({ operator, bound }: Gate, value: number): boolean {
  return holds[operator](value, bound);
}
