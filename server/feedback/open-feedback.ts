import type { FeedbackConfig } from "./feedback-settings.ts";
import type { FeedbackMeter } from "./feedback-meter.ts";
import type { FeedbackSink } from "./feedback-sink.ts";
import { createFeedback, noFeedback, type Feedback, type FeedbackParts } from "./feedback.ts";
import { createRecorder } from "./recorder.ts";
import { openSpool } from "./spool/spool.ts";

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
  const { feedback: dir, feedbackMaxBytes, feedbackKeepMs, feedbackSyncMs } = config;
  try {
    return await openSpool({
      dir,
      maxBytes: feedbackMaxBytes,
      keepMs: feedbackKeepMs,
      syncMs: feedbackSyncMs,
      meter,
    });
  } catch (error) {
    throw new Error(`feedback cannot be kept in ${dir}`, { cause: error });
  }
}
