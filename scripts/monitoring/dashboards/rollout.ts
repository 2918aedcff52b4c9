import { type Dashboard, model } from "./panel.ts";

const where = 'namespace=~"$namespace", model=~"$model"';
const namespace = 'namespace=~"$namespace"';

export const rollout: Dashboard = {
  uid: "crossfade-rollout",
  title: "Crossfade / Rollout",
  description:
    "Who gets which version: as the store wants it, as routers go by it, as users got it.",
  variables: [model("crossfade_router_revision")],
  rows: [
    {
      title: "Weights",
      panels: [
        {
          title: "Desired weight",
          description: "What the store holds, as a share.",
          unit: "percentunit",
          queries: [
            {
              expr: `max by (model, arm) (crossfade_store_weight_basis_points{${where}}) / 10000`,
              legend: "{{model}} {{arm}}",
            },
          ],
        },
        {
          title: "Applied weight",
          description:
            "What each router goes by: behind the desired one for seconds, or less of it where somebody lowered an arm.",
          unit: "percentunit",
          alert: "CrossfadeRoutersDisagree",
          queries: [
            {
              expr: `crossfade_router_weight_basis_points{${where}} / 10000`,
              legend: "{{model}} {{arm}} {{instance}}",
            },
          ],
        },
        {
          title: "Observed share",
          description:
            "Of rows that went by bucket since the revision was applied. Few users who ask often pull it away from the weight.",
          unit: "percentunit",
          queries: [
            {
              expr: `avg by (model, arm) (crossfade_rollout_observed_share{${where}})`,
              legend: "{{model}} {{arm}}",
            },
          ],
        },
        {
          title: "Versions of the arms",
          description: "As routers go by them.",
          unit: "short",
          kind: "table",
          width: 12,
          queries: [
            {
              expr: `count by (model, arm, version) (crossfade_rollout_arm_info{${where}})`,
              legend: "",
            },
          ],
        },
        {
          title: "Phase",
          description: "What the rollout does: steady, stepping, paused, aborted or promoted.",
          unit: "short",
          kind: "table",
          width: 12,
          alert: "CrossfadeRolloutForgotten",
          queries: [
            {
              expr: `count by (model, phase) (crossfade_rollout_phase{${where}} == 1)`,
              legend: "",
            },
          ],
        },
      ],
    },
    {
      title: "Routers and their store",
      panels: [
        {
          title: "Revision",
          description: "What each router goes by, and what the store holds.",
          unit: "short",
          alert: "CrossfadeRoutersDisagree",
          queries: [
            { expr: `crossfade_router_revision{${where}}`, legend: "{{model}} {{instance}}" },
            {
              expr: `max by (model) (crossfade_store_revision{${where}})`,
              legend: "{{model}} in the store",
            },
          ],
        },
        {
          title: "Store can be read",
          description: "1 while a router can. Calls go on without it; changes do not.",
          unit: "short",
          alert: "CrossfadeStoreDown",
          queries: [{ expr: `crossfade_store_up{${namespace}}`, legend: "{{instance}}" }],
        },
        {
          title: "Age of the store's last word",
          description: "Seconds since all of the store was read; it is polled every two.",
          unit: "s",
          alert: "CrossfadeStoreSilent",
          thresholds: { orange: 10, red: 60 },
          queries: [
            {
              expr: `time() - crossfade_store_read_timestamp_seconds{${namespace}}`,
              legend: "{{instance}}",
            },
          ],
        },
        {
          title: "Arms that a server holds",
          description: "1 while some server that is ready holds the arm's version.",
          unit: "short",
          alert: "CrossfadeArmHeldByNobody",
          queries: [
            {
              expr: `max by (model, arm) (crossfade_rollout_arm_held{${where}})`,
              legend: "{{model}} {{arm}}",
            },
          ],
        },
        {
          title: "Lowered arms",
          description: "What routers leave of arms by break-glass; empty where none is lowered.",
          unit: "short",
          alert: "CrossfadeArmLowered",
          queries: [
            {
              expr: `crossfade_rollout_lowered_basis_points{${where}}`,
              legend: "{{model}} {{arm}} {{instance}}",
            },
          ],
        },
        {
          title: "Contradictions and refused documents",
          description:
            "Rows that went elsewhere than the document says: a bug. Documents of the store that routers do not take, by why.",
          unit: "short",
          alert: "CrossfadeContradiction",
          queries: [
            {
              expr: `sum by (model) (crossfade_rollout_contradictions{${where}})`,
              legend: "{{model}} contradictions",
            },
            {
              expr: `sum by (model, reason) (increase(crossfade_rollout_refused_total{${where}}[$__rate_interval]))`,
              legend: "{{model}} refused: {{reason}}",
            },
          ],
        },
      ],
    },
    {
      title: "Shadow copies",
      panels: [
        {
          title: "Overlap with the arm that answered",
          description: "Share of items that both recommend, on average.",
          unit: "percentunit",
          width: 12,
          queries: [
            {
              expr: `sum by (model, arm) (rate(crossfade_router_shadow_overlap_sum{${where}}[$__rate_interval])) / sum by (model, arm) (rate(crossfade_router_shadow_overlap_count{${where}}[$__rate_interval]))`,
              legend: "{{model}} {{arm}}",
            },
          ],
        },
        {
          title: "Copies",
          description: "Sent, by what came of them; and not sent, since too many were under way.",
          unit: "reqps",
          width: 12,
          queries: [
            {
              expr: `sum by (model, arm, code) (rate(crossfade_router_shadow_rows_total{${where}}[$__rate_interval]))`,
              legend: "{{model}} {{arm}} {{code}}",
            },
            {
              expr: `sum by (model, arm) (rate(crossfade_router_shadow_dropped_total{${where}}[$__rate_interval]))`,
              legend: "{{model}} {{arm}} not sent",
            },
          ],
        },
      ],
    },
  ],
};
