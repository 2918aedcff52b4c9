import type { Column } from "./bootstrap.ts";
import type { Group } from "./groups.ts";

/** One that is measured: by metric, by user. */
export interface Measured {
  readonly name: string;
  readonly isBaseline: boolean;
  readonly columns: readonly Column[];
  /** By user: it says of him only what another would. Undefined: of nobody. */
  readonly isSilent?: readonly boolean[];
  /** Lists of ids by trial; undefined where there is none. */
  readonly lists: readonly (readonly string[] | undefined)[];
}

/** Of a group of whom it says nothing of its own it has no figures. */
export function columnsIn({ columns, isSilent }: Measured, { users }: Group): readonly Column[] {
  const asked = users ?? [...(isSilent ?? []).keys()];
  const isMute = isSilent !== undefined && asked.every((user) => isSilent[user]);
  return columns.map((column) => {
    const own = users === undefined ? column : Float64Array.from(users, (user) => column[user]!);
    return isMute ? own.map(() => Number.NaN) : own;
  });
}
