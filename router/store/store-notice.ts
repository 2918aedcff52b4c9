/** What a store has to say of itself, for the log. */
export interface StoreNotice {
  readonly level: "info" | "warn";
  /** The same each time, so that it can be searched for. */
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}
