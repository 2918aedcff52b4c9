export interface CatalogueItem {
  readonly id: string;
  /** May be empty. */
  readonly title: string;
  /** Default: none. */
  readonly artist?: string;
}
