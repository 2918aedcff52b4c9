import type { FeedbackConfig } from "./feedback-settings.ts";
import type { FeedbackMeter } from "./feedback-meter.ts";
import type { FeedbackSink } from "./feedback-sink.ts";
import { createFeedback, noFeedback, type Feedback, type FeedbackParts } from "./feedback.ts";
import { createRecorder } from "./recorder.ts";
import { readPlace } from "./read-place.ts";
import { openSpool } from "./spool/spool.ts";
import { openStream } from "./stream/stream.ts";

export interface OpenFeedback extends Feedback {
  /** Keeps what has come. Idempotent. */
  close(): Promise<void>;
}

/** Feedback as the settings want it. Rejects when it cannot be kept where they say. */
export async function openFeedback(
  config: FeedbackConfig,
  parts: FeedbackParts,
): Promise<OpenFeedback> {
  if (config.feedback === "off") return { ...noFeedback, close: async () => {} };
  const recorder = createRecorder(await openSink(config, parts.meter), parts);
  return { ...createFeedback(recorder, parts), close: () => recorder.close() };
}

async function openSink(config: FeedbackConfig, meter: FeedbackMeter): Promise<FeedbackSink> {
  const limits = {
    maxBytes: config.feedbackMaxBytes,
    keepMs: config.feedbackKeepMs,
    syncMs: config.feedbackSyncMs,
    meter,
  };
  try {
    const place = await readPlace(config);
    if ("dir" in place) return await openSpool({ ...place, ...limits });
    return await openStream({ ...place.stream, ...limits, ack: config.feedbackAck });
  } catch (error) {
    throw new Error(`feedback cannot be kept in ${config.feedback}`, { cause: error });
  }
}
