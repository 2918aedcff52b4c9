/** What is called, and with what. A plain record: it crosses threads and machines. */
export interface Workload {
  readonly name: string;
  readonly call: GrpcMethod | HttpRoute;
  /** Encoded, taken in turn. */
  readonly requests: readonly Uint8Array[];
  /** Which request each call takes, from the start again when it ends; absent: in turn. */
  readonly order?: Uint32Array;
  /** Sent with each call: gRPC metadata or HTTP headers. Lower-case keys. */
  readonly metadata: Readonly<Record<string, string>>;
  /** How replies are looked into: arms, backends and degraded answers; of others, only the status. */
  readonly replies: "recommend" | "batch-recommend" | "opaque";
}

export interface GrpcMethod {
  readonly transport: "grpc";
  /** E.g. "/crossfade.v1.RecommenderService/Recommend". */
  readonly path: string;
}

export interface HttpRoute {
  readonly transport: "http";
  readonly method: "GET" | "POST";
  /** E.g. "/v1/models/playlists:recommend". */
  readonly path: string;
}
