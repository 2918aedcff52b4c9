import type { Backend } from "../backends/backend.ts";
import { createQueryReader } from "../backends/query.ts";
import { decodeMessage } from "../proto/decode-message.ts";
import {
  ListModelsRequest,
  ListModelsResponse,
  RecordFeedbackRequest,
  RecordFeedbackResponse,
  type ModelVersion,
} from "../proto/gen/crossfade/v1/recommender.ts";
import { heldVersionsKey, readHeldVersions, type HeldVersion } from "../proto/held-versions.ts";
import { joinResults } from "../proto/join-results.ts";
import { ServingError } from "../proto/serving-error.ts";
import { sliceBatch } from "../proto/slice-batch.ts";
import type { Call } from "../transport/call.ts";
import type { Method, UnaryMethod } from "../transport/transport.ts";
import { answerReadable, attempt } from "./answer-readable.ts";
import { assertBatchResults } from "./assert-batch-results.ts";
import { noFeedback, type Feedback } from "./feedback/feedback.ts";

export interface RecommenderOptions {
  /** For a caller that sets no deadline. Default 250. */
  readonly defaultDeadlineMs?: number;
  /** The same for BatchRecommend. Default 2,000. */
  readonly defaultBatchDeadlineMs?: number;
  /** Requests in one BatchRecommend. Default 1,000. */
  readonly maxBatchRequests?: number;
  /** Results of one BatchRecommend: the sum of its requests' top_k. Default 100,000. */
  readonly maxBatchResults?: number;
  /** Default 1,000. */
  readonly maxTopK?: number;
  /** Default: there is none, and RecordFeedback says so. */
  readonly feedback?: Feedback;
  listModels(): readonly ModelVersion[];
  /** Told of the versions that the arms of whoever asks for the list have. */
  hold?(versions: readonly HeldVersion[]): void;
}

/** crossfade.v1.RecommenderService over any backend. Requests and replies cross it as bytes. */
export function recommenderService(backend: Backend, options: RecommenderOptions): Method[] {
  const { defaultDeadlineMs = 250, defaultBatchDeadlineMs = 2_000 } = options;
  const { maxBatchRequests = 1_000, maxBatchResults = 100_000, maxTopK = 1_000 } = options;
  const { feedback = noFeedback } = options;
  const readQuery = createQueryReader();

  return [
    unary("Recommend", async (request, call) => {
      const query = readQuery(request, withDeadline(call, defaultDeadlineMs));
      const [answer] = await backend.answer([query]);
      if (answer instanceof ServingError) throw answer;
      return answer!.bytes;
    }),
    unary("BatchRecommend", async (request, call) => {
      const spans = sliceBatch(request, maxBatchRequests);
      const due = withDeadline(call, defaultBatchDeadlineMs);
      const read = sliced(request, spans).map((slice) => attempt(() => readQuery(slice, due)));
      assertBatchResults(read, { maxBatchResults, maxTopK });
      return joinResults(await answerReadable(backend, read));
    }),
    unary("ListModels", async (request, call) => {
      decodeMessage(ListModelsRequest, request, "ListModelsRequest");
      const held = call.metadata.get(heldVersionsKey);
      if (held !== undefined) options.hold?.(readHeldVersions(held));
      const models = [...options.listModels()];
      return ListModelsResponse.encode({ models }).finish();
    }),
    unary("RecordFeedback", async (bytes, call) => {
      const request = decodeMessage(RecordFeedbackRequest, bytes, "RecordFeedbackRequest");
      await feedback.record(request, call);
      return RecordFeedbackResponse.encode({}).finish();
    }),
  ];
}

function unary(name: string, handle: UnaryMethod["handle"]): Method {
  return { kind: "unary", path: `/crossfade.v1.RecommenderService/${name}`, handle };
}

/** Signal and metadata stay where they are made on first use. */
function withDeadline(call: Call, defaultMs: number): Call {
  if (call.deadlineMs !== Infinity) return call;
  return {
    deadlineMs: performance.now() + defaultMs,
    get signal() {
      return call.signal;
    },
    get metadata() {
      return call.metadata;
    },
  };
}

/** Views of the requests of a batch. */
function sliced(batch: Uint8Array, spans: Int32Array): Uint8Array[] {
  return Array.from({ length: spans.length / 2 }, (_, i) =>
    batch.subarray(spans[2 * i], spans[2 * i + 1]),
  );
}
