import type { Answer, Backend } from "../../backends/backend.ts";
import { createQueryReader } from "../../backends/query.ts";
import type { IdType } from "../../models/catalogue/id-rules.ts";
import {
  RecommendRequest,
  RecommendResponse,
  type Result,
} from "../../proto/gen/crossfade/v1/recommender.ts";
import { pushbackMsOf } from "../../proto/pushback.ts";
import { ServingError } from "../../proto/serving-error.ts";
import { answerReadable, attempt } from "../answer-readable.ts";
import { assertBatchResults, type BatchResultLimits } from "../assert-batch-results.ts";
import type { HttpModels } from "./http-models.ts";
import { readJson } from "./read-json.ts";
import { batchReply, recommendReply } from "./reply-types.ts";
import type { RequestTypes } from "./request-types.ts";
import { json, type Incoming, type Route } from "./route.ts";

export interface RecommendRouteOptions extends BatchResultLimits {
  readonly backend: Backend;
  readonly models: HttpModels;
  readonly types: RequestTypes;
  readonly defaultDeadlineMs: number;
  readonly defaultBatchDeadlineMs: number;
}

/** Recommend and BatchRecommend of the contract, with the model and its version in the path. */
export function recommendRoutes(options: RecommendRouteOptions): Route[] {
  const { types, defaultDeadlineMs, defaultBatchDeadlineMs } = options;
  const one = recommendHandler(options);
  const recommend = { method: "POST", defaultTimeoutMs: defaultDeadlineMs, handle: one } as const;
  const operation = {
    request: types.recommend.schema,
    replies: { 200: { description: "Best first.", schema: recommendReply.schema } },
  };
  return [
    {
      ...recommend,
      template: "/v1/models/{model}:recommend",
      operation: { ...operation, id: "recommend", summary: "One user's recommendations" },
    },
    {
      ...recommend,
      template: "/v1/models/{model}/versions/{version}:recommend",
      operation: {
        ...operation,
        id: "recommendByVersion",
        summary: "One user's recommendations, by one version of the model",
      },
    },
    {
      method: "POST",
      template: "/v1/models/{model}:batchRecommend",
      defaultTimeoutMs: defaultBatchDeadlineMs,
      operation: {
        id: "batchRecommend",
        summary: "Many users in one call; each result is a response or a status of its own",
        request: types.batchRecommend.schema,
        replies: { 200: { description: "In request order.", schema: batchReply.schema } },
      },
      handle: batchHandler(options),
    },
  ];
}

function recommendHandler({ backend, models, types }: RecommendRouteOptions): Route["handle"] {
  const readQuery = createQueryReader();
  return async ({ params, body, call }) => {
    const target = targetOf(params);
    const request = readJson(types.recommend, body, models.idType(target.model, target.version));
    const query = readQuery(encode(request, target, ""), call);
    const [answer] = await backend.answer([query]);
    if (answer instanceof ServingError) throw answer;
    const response = RecommendResponse.decode(answer!.bytes);
    return json(recommendReply.write(response, idTypeOf(response, models)));
  };
}

function batchHandler(options: RecommendRouteOptions): Route["handle"] {
  const { backend, models, types } = options;
  const readQuery = createQueryReader();
  return async ({ params, body, call }: Incoming) => {
    const target = targetOf(params);
    const idType = models.idType(target.model, target.version);
    const { requests } = readJson(types.batchRecommend, body, idType);
    const encoded = requests.map((request, i) => encode(request, target, `requests[${i}].`));
    const read = encoded.map((bytes) => attempt(() => readQuery(bytes, call)));
    assertBatchResults(read, options);
    const results = (await answerReadable(backend, read)).map(resultOf);
    return json(batchReply.write({ results }, idType ?? "string"));
  };
}

interface Target {
  readonly model: string;
  /** "" when the path names none. */
  readonly version: string;
}

function targetOf({ model = "", version = "" }: Incoming["params"]): Target {
  return { model, version };
}

function encode(request: RecommendRequest, { model, version }: Target, place: string): Uint8Array {
  refuseOther(request.model, model, `${place}model`);
  if (version !== "") refuseOther(request.modelVersion, version, `${place}modelVersion`);
  request.model = model;
  if (version !== "") request.modelVersion = version;
  return RecommendRequest.encode(request).finish();
}

function refuseOther(inBody: string, inPath: string, place: string): void {
  if (inBody === "" || inBody === inPath) return;
  const [body, path] = [inBody, inPath].map((name) => JSON.stringify(name.slice(0, 64)));
  const complaint = `${place}: is ${body}, and ${path} in the path; leave it out`;
  throw new ServingError("INVALID_ARGUMENT", complaint);
}

function idTypeOf({ served }: RecommendResponse, models: HttpModels): IdType {
  return (served && models.idType(served.model, served.modelVersion)) ?? "string";
}

function resultOf(answer: Answer): Result {
  if (!(answer instanceof ServingError))
    return { result: { $case: "response", value: RecommendResponse.decode(answer.bytes) } };
  const { code, message } = answer;
  const retryPushbackMs = pushbackMsOf(answer) ?? 0;
  return { result: { $case: "status", value: { code, message, retryPushbackMs } } };
}
