import type { Kind, Setting } from "./setting.ts";

/**
 * Settings by name. A key is the name in a configuration file; flags and environment variables spell it --in-kebab-case
 * and CROSSFADE_IN_CAPITALS.
 */
export type SettingTable = Readonly<Record<string, Setting<unknown>>>;

/** Everything that one command can be told. */
export interface Schema<Table extends SettingTable> {
  readonly settings: Table;
  /** What settings demand of each other: one complaint for each demand that is not met. */
  rulesBroken(config: ConfigOf<Table>): readonly string[];
}

type ValueOf<One> = One extends { readonly kind: Kind<infer Value> } ? Value : never;
type IsOptional<One> = One extends { readonly standard: unknown } ? false : true;

/** The settings of a command, complete and checked. */
export type ConfigOf<Table> = {
  readonly [Name in keyof Table as IsOptional<Table[Name]> extends true ? never : Name]: ValueOf<
    Table[Name]
  >;
} & {
  readonly [Name in keyof Table as IsOptional<Table[Name]> extends true ? Name : never]?: ValueOf<
    Table[Name]
  >;
};
