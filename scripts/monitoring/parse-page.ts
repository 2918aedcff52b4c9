/** What a page of /metrics says of its series. */
export interface Page {
  /** By name, e.g. "histogram". */
  readonly types: ReadonlyMap<string, string>;
  /** Of series that have samples; `le` of histograms is not one of them. */
  readonly labels: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Reads the Prometheus text format. */
export function parsePage(text: string): Page {
  const types = new Map<string, string>();
  const labels = new Map<string, Set<string>>();
  for (const [, name, type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) types.set(name!, type!);
  for (const [, series, list = ""] of text.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
    const base = series!.replace(/_(bucket|sum|count)$/, "");
    const name = types.get(base) === "histogram" ? base : series!;
    const own = labels.get(name) ?? new Set();
    for (const [, label] of list.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g))
      if (label !== "le" || name === series) own.add(label!);
    labels.set(name, own);
  }
  return { types, labels };
}
