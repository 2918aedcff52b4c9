import { type Dashboard, model, quantiles } from "./panel.ts";

const where = 'namespace=~"$namespace", model=~"$model"';
const namespace = 'namespace=~"$namespace"';
const failures =
  'code=~"UNAVAILABLE|DEADLINE_EXCEEDED|RESOURCE_EXHAUSTED|FAILED_PRECONDITION|INTERNAL|UNKNOWN|DATA_LOSS|UNIMPLEMENTED"';
const rate = (series: string) => `rate(${series}[$__rate_interval])`;

export const router: Dashboard = {
  uid: "crossfade-router",
  title: "Crossfade / Router",
  description: "What callers get, by arm: rate, errors, duration; and what routers do about it.",
  variables: [model("crossfade_router_revision")],
  rows: [
    {
      title: "What callers get",
      panels: [
        {
          title: "Calls",
          description: "Calls to the recommender by gRPC, by the status that the caller got.",
          unit: "reqps",
          isStacked: true,
          queries: [
            {
              expr: `sum by (grpc_code) (${rate(`grpc_server_handled_total{${namespace}, grpc_service="crossfade.v1.RecommenderService"}`)})`,
              legend: "{{grpc_code}}",
            },
          ],
        },
        {
          title: "Duration of calls",
          description: "From a call's headers to its status, batches and single calls together.",
          unit: "s",
          thresholds: { orange: 0.1, red: 0.25 },
          queries: quantiles("grpc_server_handling_seconds", {
            by: [],
            where: `${namespace}, grpc_service="crossfade.v1.RecommenderService", grpc_type="unary"`,
          }),
        },
        {
          title: "Calls in flight",
          description: "By process. What grows without end is not answered.",
          unit: "short",
          queries: [
            {
              expr: `sum by (instance) (crossfade_in_flight_calls{${namespace}, grpc_service="crossfade.v1.RecommenderService"})`,
              legend: "{{instance}}",
            },
          ],
        },
      ],
    },
    {
      title: "By arm",
      panels: [
        {
          title: "Rows",
          description: "Users asked for, by the arm that was picked, whoever answered in the end.",
          unit: "reqps",
          queries: [
            {
              expr: `sum by (model, arm) (${rate(`crossfade_router_rows_total{${where}}`)})`,
              legend: "{{model}} {{arm}}",
            },
          ],
        },
        {
          title: "Share of rows that fail",
          description:
            "What the arm itself failed, spilled or not; callers' own mistakes are left out. The budget is crossfade:threshold:error_budget.",
          unit: "percentunit",
          alert: "CrossfadeArmFailsFast",
          queries: [
            {
              expr: `crossfade:arm_failures:ratio5m{${where}}`,
              legend: "{{model}} {{arm}}",
            },
            { expr: "14.4 * crossfade:threshold:error_budget", legend: "wakes somebody" },
          ],
        },
        {
          title: "Duration at the arm, 99th percentile",
          description: "From a row's arrival at the arm to its answer.",
          unit: "s",
          alert: "CrossfadeArmIsSlow",
          thresholds: { orange: 0.1 },
          queries: [
            {
              expr: `histogram_quantile(0.99, sum by (model, arm, le) (${rate(`crossfade_router_arm_seconds_bucket{${where}}`)}))`,
              legend: "{{model}} {{arm}}",
            },
          ],
        },
        {
          title: "Error budget spent",
          description: "Over three days: 1 is what the month allows, at this pace.",
          unit: "short",
          alert: "CrossfadeArmFailsSlowly",
          thresholds: { red: 1 },
          queries: [
            {
              expr: `crossfade:arm_failures:ratio3d{${where}} / scalar(crossfade:threshold:error_budget)`,
              legend: "{{model}} {{arm}}",
            },
          ],
        },
        {
          title: "Failures by code",
          description: "Of arms, callers' own mistakes left out.",
          unit: "reqps",
          isStacked: true,
          queries: [
            {
              expr: `sum by (arm, code) (${rate(`crossfade_router_rows_total{${where}, ${failures}}`)}) > 0`,
              legend: "{{arm}} {{code}}",
            },
          ],
        },
        {
          title: "Spilled rows",
          description:
            "Rows that one arm failed and another was asked for, by what became of them. Users hardly notice; the arm is ill.",
          unit: "reqps",
          queries: [
            {
              expr: `sum by (model, from, to, code) (${rate(`crossfade_router_spilled_rows_total{${where}}`)})`,
              legend: "{{model}} {{from}} -> {{to}} {{code}}",
            },
          ],
        },
      ],
    },
    {
      title: "Servers, as routers see them",
      panels: [
        {
          title: "Effective and actual success",
          description:
            "Actual: of first attempts. Effective: of what callers got after retries, hedges and fallbacks. The gap is what routers hide.",
          unit: "percentunit",
          queries: [
            {
              expr: `sum(${rate(`crossfade_endpoint_outcome_rows_total{${namespace}, result!="failed"}`)}) / sum(${rate(`crossfade_endpoint_outcome_rows_total{${namespace}}`)})`,
              legend: "effective",
            },
            {
              expr: `sum(${rate(`crossfade_endpoint_attempt_rows_total{${namespace}, kind="first", result="ok"}`)}) / sum(${rate(`crossfade_endpoint_attempt_rows_total{${namespace}, kind="first"}`)})`,
              legend: "actual",
            },
          ],
        },
        {
          title: "Retries and hedges",
          description: "Rows asked for again, because a server failed or did not answer.",
          unit: "reqps",
          queries: [
            {
              expr: `sum by (kind) (${rate(`crossfade_endpoint_attempt_rows_total{${namespace}, kind!="first"}`)})`,
              legend: "{{kind}}",
            },
            {
              expr: `sum by (kind) (${rate(`crossfade_endpoint_over_budget_total{${namespace}}`)})`,
              legend: "{{kind}}, not allowed",
            },
          ],
        },
        {
          title: "Degraded and refused rows",
          description:
            "Degraded: popular items, or an answer from the cache. Shed: refused at once, since no server would have answered in time.",
          unit: "reqps",
          alert: "CrossfadeDegraded",
          queries: [
            {
              expr: `sum by (result) (${rate(`crossfade_endpoint_outcome_rows_total{${namespace}, result!="ok"}`)})`,
              legend: "{{result}}",
            },
            {
              expr: `sum(${rate(`crossfade_endpoint_shed_rows_total{${namespace}}`)})`,
              legend: "shed",
            },
          ],
        },
        {
          title: "Rows by server",
          description: "First attempts, retries and hedges together.",
          unit: "reqps",
          queries: [
            {
              expr: `sum by (endpoint) (${rate(`crossfade_endpoint_attempt_rows_total{${namespace}}`)})`,
              legend: "{{endpoint}}",
            },
          ],
        },
        {
          title: "Servers left alone",
          description: "1 while some router sends a server nothing.",
          unit: "short",
          alert: "CrossfadeServerLeftAlone",
          thresholds: { red: 1 },
          queries: [
            {
              expr: `max by (endpoint) (crossfade_endpoint_ejected{${namespace}})`,
              legend: "{{endpoint}}",
            },
          ],
        },
        {
          title: "Answers from the cache",
          description: "Of queries that the cache might answer; only with --cache-ms.",
          unit: "percentunit",
          queries: [
            {
              expr: `sum by (model, version) (${rate(`crossfade_cache_lookups_total{${where}, result!="miss"}`)}) / sum by (model, version) (${rate(`crossfade_cache_lookups_total{${where}}`)})`,
              legend: "{{model}} {{version}}",
            },
          ],
        },
      ],
    },
  ],
};
