import { type Dashboard, model, quantiles } from "./panel.ts";

const where = 'namespace=~"$namespace", model=~"$model"';
const namespace = 'namespace=~"$namespace"';
const rate = (series: string) => `rate(${series}[$__rate_interval])`;

export const servers: Dashboard = {
  uid: "crossfade-servers",
  title: "Crossfade / Servers",
  description:
    "What models cost: queues, batches, runs; which versions are loaded, and the processes themselves.",
  variables: [model("crossfade_model_info")],
  rows: [
    {
      title: "Queue and runs",
      panels: [
        {
          title: "Rows that wait",
          description: "For a run, by server. More are refused beyond crossfade_queue_limit_rows.",
          unit: "short",
          alert: "CrossfadeQueueGrows",
          queries: [
            {
              expr: `sum by (instance, model, version) (crossfade_queued_rows{${where}})`,
              legend: "{{instance}} {{model}} {{version}}",
            },
          ],
        },
        {
          title: "Wait for a run",
          description: "From arrival to being taken into a batch.",
          unit: "s",
          alert: "CrossfadeQueueWaitIsLong",
          thresholds: { orange: 0.1 },
          queries: quantiles("crossfade_queue_wait_seconds", { by: ["model", "version"], where }),
        },
        {
          title: "Run of a batch",
          description: "Time in the engine, of a whole batch.",
          unit: "s",
          queries: quantiles("crossfade_run_seconds", { by: ["model", "version"], where }),
        },
        {
          title: "Rows in a batch",
          description: "On average. Grows with the load: rows that wait run together.",
          unit: "short",
          queries: [
            {
              expr: `sum by (model, version) (${rate(`crossfade_batch_rows_sum{${where}}`)}) / sum by (model, version) (${rate(`crossfade_batch_rows_count{${where}}`)})`,
              legend: "{{model}} {{version}}",
            },
          ],
        },
        {
          title: "Time in the engine",
          description:
            "Sessions that are busy, on average: as many as there are is all that there is.",
          unit: "short",
          queries: [
            {
              expr: `sum by (instance, model, version) (${rate(`crossfade_run_seconds_sum{${where}}`)})`,
              legend: "{{instance}} {{model}} {{version}}",
            },
          ],
        },
        {
          title: "Batches that run",
          description: "Given to a session, and not back yet.",
          unit: "short",
          queries: [
            {
              expr: `sum by (instance, model, version) (crossfade_running_batches{${where}})`,
              legend: "{{instance}} {{model}} {{version}}",
            },
          ],
        },
        {
          title: "Answers",
          description: "Users answered, by version and backend.",
          unit: "reqps",
          queries: [
            {
              expr: `sum by (model, version, backend) (${rate(`crossfade_answers_total{${where}}`)})`,
              legend: "{{model}} {{version}} {{backend}}",
            },
          ],
        },
        {
          title: "Failures",
          description:
            "Users not answered, by code. RESOURCE_EXHAUSTED: the queue was full, or too slow.",
          unit: "reqps",
          queries: [
            {
              expr: `sum by (model, version, code) (${rate(`crossfade_failures_total{${where}}`)})`,
              legend: "{{model}} {{version}} {{code}}",
            },
          ],
        },
        {
          title: "Calls in flight",
          description: "By server, whoever makes them.",
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
      title: "Versions",
      panels: [
        {
          title: "Loaded versions",
          description: "On how many servers, by backend and variant.",
          unit: "short",
          kind: "table",
          width: 12,
          queries: [
            {
              expr: `count by (model, version, backend, family, variant) (crossfade_model_info{${where}})`,
              legend: "",
            },
          ],
        },
        {
          title: "Age of versions",
          description: "Since the bundle was made.",
          unit: "s",
          width: 6,
          queries: [
            {
              expr: `time() - min by (model, version) (crossfade_model_created_timestamp_seconds{${where}})`,
              legend: "{{model}} {{version}}",
            },
          ],
        },
        {
          title: "Loaded since",
          description:
            "By server: a version that was loaded again has been through a restart or a swap.",
          unit: "s",
          width: 6,
          queries: [
            {
              expr: `time() - crossfade_model_loaded_timestamp_seconds{${where}}`,
              legend: "{{instance}} {{model}} {{version}}",
            },
          ],
        },
        {
          title: "Loads",
          description: "Within an interval, and how many of them failed.",
          unit: "short",
          queries: [
            {
              expr: `sum by (result) (increase(crossfade_model_loads_total{${namespace}}[$__rate_interval]))`,
              legend: "{{result}}",
            },
          ],
        },
        {
          title: "Versions that do not load",
          description: "On the disk, by server.",
          unit: "short",
          alert: "CrossfadeModelNotLoaded",
          thresholds: { red: 1 },
          queries: [
            {
              expr: `crossfade_model_unloadable_versions{${where}}`,
              legend: "{{instance}} {{model}}",
            },
          ],
        },
        {
          title: "Sessions that died",
          description: "And were replaced.",
          unit: "short",
          alert: "CrossfadeSessionsDie",
          queries: [
            {
              expr: `sum by (instance, model, version) (increase(crossfade_session_restarts_total{${where}}[$__rate_interval]))`,
              legend: "{{instance}} {{model}} {{version}}",
            },
          ],
        },
      ],
    },
    {
      title: "Processes",
      panels: [
        {
          title: "CPU",
          description: "Cores in use, routers too.",
          unit: "short",
          queries: [
            {
              expr: rate(`process_cpu_seconds_total{${namespace}, job=~".*crossfade.*"}`),
              legend: "{{instance}}",
            },
          ],
        },
        {
          title: "Memory",
          description: "Resident. Tables of models that are mapped count where they were touched.",
          unit: "bytes",
          queries: [
            {
              expr: `process_resident_memory_bytes{${namespace}, job=~".*crossfade.*"}`,
              legend: "{{instance}}",
            },
          ],
        },
        {
          title: "Event loop lag, 99th percentile",
          description:
            "What delays every answer of the process: above 20 ms something computes where it should not.",
          unit: "s",
          thresholds: { orange: 0.02, red: 0.1 },
          queries: [
            {
              expr: `nodejs_eventloop_lag_p99_seconds{${namespace}, job=~".*crossfade.*"}`,
              legend: "{{instance}}",
            },
          ],
        },
        {
          title: "Certificates",
          description: "Time that they are still good for; empty without TLS.",
          unit: "s",
          alert: "CrossfadeCertificateEnds",
          queries: [
            {
              expr: `crossfade_certificate_expiry_timestamp_seconds{${namespace}} - time()`,
              legend: "{{instance}}",
            },
          ],
        },
        {
          title: "Feedback",
          description: "Events that were kept, repeats that were dropped, and what was refused.",
          unit: "reqps",
          queries: [
            {
              expr: `sum by (result) (${rate(`crossfade_feedback_events_total{${namespace}}`)})`,
              legend: "{{result}}",
            },
            {
              expr: `sum by (code) (${rate(`crossfade_feedback_refused_total{${namespace}}`)})`,
              legend: "refused: {{code}}",
            },
          ],
        },
        {
          title: "Space for feedback that is taken",
          description: "At 1 feedback is refused.",
          unit: "percentunit",
          alert: "CrossfadeFeedbackIsFull",
          thresholds: { orange: 0.9 },
          queries: [
            {
              expr: `max by (job, sink) (crossfade_feedback_kept_bytes{${namespace}} / crossfade_feedback_max_bytes{${namespace}})`,
              legend: "{{job}} {{sink}}",
            },
          ],
        },
      ],
    },
  ],
};
