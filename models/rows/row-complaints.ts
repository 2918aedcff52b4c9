import type { TextRow } from "./text-rows.ts";

export interface RowComplaints {
  add(row: Pick<TextRow, "line">, problem: string): void;
  /** Tells how many there were beyond those. */
  end(): void;
}

const maxTold = 5;

/** Complaints about rows of one file: the first few, and how many more there are. */
export function rowComplaints(path: string, problems: string[]): RowComplaints {
  let count = 0;
  return {
    add({ line }, problem) {
      count += 1;
      if (count <= maxTold) problems.push(`${path}:${line}: ${problem}`);
    },
    end() {
      if (count > maxTold) problems.push(`${path}: ${count - maxTold} more like these`);
    },
  };
}
