import type { Dashboard, Panel, PanelQuery, PanelRow, Thresholds, Variable } from "./panel.ts";

const columns = 24;
const panelHeight = 8;
const datasource = { type: "prometheus", uid: "$datasource" };
const runbook = "docs/runbook.md";

interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** What Grafana imports: rows under each other, panels from left to right. */
export function buildDashboard({ uid, title, description, variables, rows }: Dashboard): object {
  return {
    uid,
    title,
    description,
    tags: ["crossfade"],
    schemaVersion: 39,
    editable: true,
    graphTooltip: 1,
    refresh: "30s",
    time: { from: "now-3h", to: "now" },
    timezone: "browser",
    links: [
      { title: "Runbook", type: "link", url: runbook, targetBlank: true, icon: "doc" },
      { title: "Crossfade", type: "dashboards", tags: ["crossfade"], asDropdown: true },
    ],
    templating: { list: [datasourceVariable, namespaceVariable, ...variables.map(toVariable)] },
    annotations: { list: [] },
    panels: placeRows(rows),
  };
}

function placeRows(rows: readonly PanelRow[]): object[] {
  let id = 0;
  let y = 0;
  return rows.flatMap(({ title, panels }) => {
    const header = {
      id: ++id,
      type: "row",
      title,
      collapsed: false,
      gridPos: { x: 0, y, w: columns, h: 1 },
      panels: [],
    };
    y += 1;
    let x = 0;
    const placed = panels.map((panel) => {
      const { width = 8 } = panel;
      if (x + width > columns) {
        x = 0;
        y += panelHeight;
      }
      const place = { x, y, w: width, h: panelHeight };
      x += width;
      return toPanel(panel, ++id, place);
    });
    y += panelHeight;
    return [header, ...placed];
  });
}

function toPanel(panel: Panel, id: number, gridPos: Place): object {
  const { kind = "timeseries", title, description, alert, queries } = panel;
  return {
    id,
    type: kind,
    title,
    description,
    gridPos,
    datasource,
    targets: queries.map((query, index) => toTarget(query, index, kind)),
    fieldConfig: { defaults: fieldDefaults(panel), overrides: [] },
    options: optionsOf[kind],
    ...(kind === "table" && { transformations: tableTransformations }),
    ...(alert && {
      links: [
        {
          title: `Runbook: ${alert}`,
          url: `${runbook}#${alert.toLowerCase()}`,
          targetBlank: true,
        },
      ],
    }),
  };
}

function toTarget({ expr, legend }: PanelQuery, index: number, kind: Panel["kind"]): object {
  const isTable = kind === "table";
  return {
    refId: String.fromCharCode("A".charCodeAt(0) + index),
    datasource,
    expr,
    legendFormat: legend,
    ...(isTable ? { format: "table", instant: true } : { range: true }),
  };
}

function fieldDefaults({ unit, thresholds, isStacked = false, kind }: Panel): object {
  const steps = stepsOf(thresholds);
  const drawsLines = kind === undefined || kind === "timeseries";
  return {
    unit,
    min: 0,
    color: { mode: drawsLines ? "palette-classic" : "thresholds" },
    thresholds: { mode: "absolute", steps },
    ...(drawsLines && {
      custom: {
        lineWidth: 1,
        fillOpacity: isStacked ? 30 : 5,
        showPoints: "never",
        stacking: { mode: isStacked ? "normal" : "none" },
        thresholdsStyle: { mode: steps.length > 1 ? "dashed" : "off" },
      },
    }),
  };
}

function stepsOf({ orange, red }: Thresholds = {}): readonly object[] {
  return [
    { color: "green", value: null },
    ...(orange === undefined ? [] : [{ color: "orange", value: orange }]),
    ...(red === undefined ? [] : [{ color: "red", value: red }]),
  ];
}

const reduceOptions = { calcs: ["lastNotNull"], fields: "", values: false };

const optionsOf: Readonly<Record<NonNullable<Panel["kind"]>, object>> = {
  timeseries: {
    legend: { displayMode: "list", placement: "bottom", showLegend: true },
    tooltip: { mode: "multi", sort: "desc" },
  },
  stat: { reduceOptions, colorMode: "background", graphMode: "area", textMode: "auto" },
  table: { showHeader: true },
  bargauge: { reduceOptions, orientation: "vertical", displayMode: "gradient" },
};

/** Of all that a series has, its labels and its value. */
const tableTransformations = [
  {
    id: "organize",
    options: { excludeByName: { Time: true, __name__: true, job: true, endpoint: true } },
  },
];

const datasourceVariable = {
  name: "datasource",
  label: "Data source",
  type: "datasource",
  query: "prometheus",
  hide: 0,
};

const namespaceVariable = toVariable({
  name: "namespace",
  title: "Namespace",
  metric: "crossfade_model_loads_total",
  label: "namespace",
});

function toVariable({ name, title, metric, label }: Variable): object {
  const query = `label_values(${metric}, ${label})`;
  return {
    name,
    label: title,
    type: "query",
    datasource,
    definition: query,
    query: { query, refId: "variable" },
    refresh: 2,
    includeAll: true,
    // Where there is no such label, as without Kubernetes, everything matches.
    allValue: ".*",
    current: { text: "All", value: "$__all" },
    multi: true,
    sort: 1,
  };
}
