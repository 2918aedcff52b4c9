import { readdirSync, readFileSync } from "node:fs";

interface JsonPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: Readonly<Record<"x" | "y" | "w" | "h", number>>;
  readonly targets?: readonly { readonly expr: string }[];
  readonly fieldConfig?: { readonly defaults: { readonly unit: string } };
  readonly links?: readonly { readonly url: string }[];
}

interface JsonDashboard {
  readonly title: string;
  readonly panels: readonly JsonPanel[];
  readonly templating: { readonly list: readonly { readonly definition?: string }[] };
}

export interface ReadDashboard extends JsonDashboard {
  /** With variables filled in as for "all". */
  readonly queries: readonly string[];
}

const folder = new URL("../../helm/crossfade/files/dashboards/", import.meta.url);

/** The files that Grafana gets. */
export function readDashboards(): readonly ReadDashboard[] {
  return readdirSync(folder).map((name) => {
    const json = JSON.parse(readFileSync(new URL(name, folder), "utf8")) as JsonDashboard;
    const targets = json.panels.flatMap((panel) => panel.targets ?? []);
    const variables = json.templating.list.flatMap(({ definition }) => definition ?? []);
    const values = variables.map((query) =>
      query.replace(/^label_values\((.*), (\w+)\)$/, "count by ($2) ($1)"),
    );
    return { ...json, queries: [...targets.map(({ expr }) => fillIn(expr)), ...values] };
  });
}

function fillIn(expr: string): string {
  return expr.replaceAll("$__rate_interval", "5m").replaceAll(/\$\w+/g, ".*");
}
