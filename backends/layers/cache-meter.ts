/** What a cache tells of the queries that it may answer. */
export interface CacheMeter {
  hit(model: string, version: string): void;
  miss(model: string, version: string): void;
  /** The same was being asked already, by another query. */
  shared(model: string, version: string): void;
}

export const silentCacheMeter: CacheMeter = { hit: () => {}, miss: () => {}, shared: () => {} };
