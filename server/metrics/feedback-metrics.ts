import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { FeedbackMeter } from "../feedback/feedback-meter.ts";
import { nameOf } from "../../proto/serving-error.ts";
import { latencyBucketsSeconds } from "./buckets.ts";

/** What came is the sum of events and refusals; an alert belongs on refusals that are not the callers' own mistakes. */
export function createFeedbackMeter(registry: Registry): FeedbackMeter {
  const series = createSeries(registry);
  let forgotten = 0;
  for (const result of ["accepted", "repeated"]) series.events.inc({ result }, 0);
  return {
    accepted: () => series.events.inc({ result: "accepted" }),
    repeated: () => series.events.inc({ result: "repeated" }),
    refused: (code) => series.refused.inc({ code: nameOf(code) }),
    synced({ events, bytes, tookMs }) {
      series.bytes.inc(bytes);
      series.group.observe(events);
      series.seconds.observe(tookMs / 1_000);
    },
    kept({ sink, bytes, maxBytes }) {
      series.kept.set({ sink }, bytes);
      series.limit.set({ sink }, maxBytes);
    },
    forgotten(ids) {
      series.forgotten.inc(ids - forgotten);
      forgotten = ids;
    },
  };
}

function createSeries(registry: Registry) {
  const registers = [registry];
  return {
    events: new Counter({
      name: "crossfade_feedback_events_total",
      help: "Feedback that was kept, and repeats of it that were dropped.",
      labelNames: ["result"],
      registers,
    }),
    refused: new Counter({
      name: "crossfade_feedback_refused_total",
      help: "Feedback that was refused, by why.",
      labelNames: ["code"],
      registers,
    }),
    bytes: new Counter({
      name: "crossfade_feedback_written_bytes_total",
      help: "Bytes of feedback that became durable.",
      registers,
    }),
    group: new Histogram({
      name: "crossfade_feedback_group_events",
      help: "Events that became durable together.",
      buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000],
      registers,
    }),
    seconds: new Histogram({
      name: "crossfade_feedback_sync_seconds",
      help: "For a group of events to become durable.",
      buckets: latencyBucketsSeconds,
      registers,
    }),
    kept: new Gauge({
      name: "crossfade_feedback_kept_bytes",
      help: "All feedback that is kept where this process keeps it, other processes' too.",
      labelNames: ["sink"],
      // Workers of one router keep it in the same place.
      aggregator: "max",
      registers,
    }),
    limit: new Gauge({
      name: "crossfade_feedback_max_bytes",
      help: "At so many feedback is refused.",
      labelNames: ["sink"],
      aggregator: "max",
      registers,
    }),
    forgotten: new Counter({
      name: "crossfade_feedback_forgotten_ids_total",
      help: "Event ids forgotten before their 24 hours were over: their repeats are dropped at the export.",
      registers,
    }),
  };
}
