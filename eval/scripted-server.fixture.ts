import {
  BatchRecommendRequest,
  BatchRecommendResponse,
  ListModelsResponse,
  RecommendRequest,
  RecommendResponse,
} from "../proto/gen/crossfade/v1/recommender.ts";
import { startServer } from "../transport/open.ts";
import type { Side } from "./questions/question.ts";

type ResponseFields = Parameters<typeof RecommendResponse.fromPartial>[0];

export interface ScriptedServer extends AsyncDisposable {
  readonly side: Side;
  /** Every request that came. */
  readonly asked: readonly RecommendRequest[];
}

export interface Script {
  readonly family?: string;
  /** Default 50. */
  readonly itemCount?: number;
  /** Fails the call by throwing a ServingError. @param mates How many came in the same call, itself among them. */
  readonly answer: (request: RecommendRequest, mates?: number) => ResponseFields;
}

/** A real gRPC server of one model, "movies", version "1", which answers as it is told. For tests. */
export async function openScripted({
  family = "sequence",
  itemCount = 50,
  answer,
}: Script): Promise<ScriptedServer> {
  const asked: RecommendRequest[] = [];
  const service = "/crossfade.v1.RecommenderService";
  const model = { model: "movies", version: "1", family, variant: "fp32", ready: true };
  const served = { model: "movies", modelVersion: "1", backend: "cpu-fp32" };
  const responseTo = (request: RecommendRequest, mates: number) => {
    const { served: said, ...rest } = answer(request, mates);
    return RecommendResponse.fromPartial({ ...rest, served: { ...served, ...said } });
  };
  const server = await startServer([
    {
      kind: "unary",
      path: `${service}/ListModels`,
      handle: async () =>
        ListModelsResponse.encode(
          ListModelsResponse.fromPartial({
            models: [{ ...model, isDefault: true, itemCount }],
          }),
        ).finish(),
    },
    {
      kind: "unary",
      path: `${service}/Recommend`,
      async handle(bytes) {
        const request = RecommendRequest.decode(bytes);
        asked.push(request);
        return RecommendResponse.encode(responseTo(request, 1)).finish();
      },
    },
    {
      kind: "unary",
      path: `${service}/BatchRecommend`,
      async handle(bytes) {
        const { requests } = BatchRecommendRequest.decode(bytes);
        const results = requests.map((request) => ({
          result: { $case: "response" as const, value: responseTo(request, requests.length) },
        }));
        return BatchRecommendResponse.encode({ results }).finish();
      },
    },
  ]);
  const side = { name: "movies", target: server.address, model: "movies", version: "" };
  return {
    side: { ...side, metadata: new Map() },
    asked,
    [Symbol.asyncDispose]: () => server.close(0),
  };
}
