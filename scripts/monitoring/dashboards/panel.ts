/** One picture of a dashboard, as a person would describe it. */
export interface Panel {
  readonly title: string;
  /** What it shows and when to worry. */
  readonly description: string;
  /** Grafana's name for it, e.g. "percentunit", "s", "reqps", "short". */
  readonly unit: string;
  readonly queries: readonly PanelQuery[];
  /** Default "timeseries". A stat shows the last value. */
  readonly kind?: "timeseries" | "stat" | "table" | "bargauge";
  /** Colours from there on; a line is drawn at each. */
  readonly thresholds?: Thresholds;
  /** Default 8 of the 24 columns. */
  readonly width?: 4 | 6 | 8 | 12 | 24;
  /** Lines on top of each other. */
  readonly isStacked?: boolean;
  /** The alert that belongs to it: its section of the runbook is linked. */
  readonly alert?: string;
}

export interface PanelQuery {
  readonly expr: string;
  /** E.g. "{{arm}}". */
  readonly legend: string;
}

export interface Thresholds {
  readonly orange?: number;
  readonly red?: number;
}

export interface PanelRow {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** One file. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** Besides the data source and the namespace. */
  readonly variables: readonly Variable[];
  readonly rows: readonly PanelRow[];
}

/** Filled from the values of a label. */
export interface Variable {
  readonly name: string;
  readonly title: string;
  readonly metric: string;
  readonly label: string;
}

export const model = (metric: string): Variable => ({
  name: "model",
  title: "Model",
  metric,
  label: "model",
});

/** Quantiles of a histogram, one query each. */
export function quantiles(
  metric: string,
  { by, where }: { readonly by: readonly string[]; readonly where: string },
): readonly PanelQuery[] {
  return [0.5, 0.95, 0.99].map((quantile) => ({
    expr: `histogram_quantile(${quantile}, sum by (${[...by, "le"].join(", ")}) (rate(${metric}_bucket{${where}}[$__rate_interval])))`,
    legend: `${by.map((label) => `{{${label}}}`).join(" ")} p${quantile * 100}`.trim(),
  }));
}
