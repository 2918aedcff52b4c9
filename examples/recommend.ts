// A client in plain grpc-js: one call with a deadline, retried by the library where a retry is safe.
//
//   npx tsx examples/recommend.ts localhost:8500 u42
import { credentials, loadPackageDefinition, Metadata, status } from "@grpc/grpc-js";
import type { ServiceClientConstructor, ServiceError } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

const [address = "localhost:8500", userId = "", model = "playlists"] = process.argv.slice(2);

const proto = new URL("../proto/crossfade/v1/recommender.proto", import.meta.url);
const definition = loadPackageDefinition(
  loadSync(proto.pathname, { longs: String, enums: String, defaults: true }),
);
const { RecommenderService } = (
  definition["crossfade"] as unknown as { v1: Record<string, ServiceClientConstructor> }
).v1;

// UNAVAILABLE is the only status that says "nothing was computed, ask again". RESOURCE_EXHAUSTED means that the server is full:
// grpc-js then waits as long as the server's grpc-retry-pushback-ms asks, or gives up.
const retryPolicy = {
  maxAttempts: 3,
  initialBackoff: "0.01s",
  maxBackoff: "0.1s",
  backoffMultiplier: 2,
  retryableStatusCodes: ["UNAVAILABLE", "RESOURCE_EXHAUSTED"],
};
const client = new RecommenderService!(address, credentials.createInsecure(), {
  "grpc.service_config": JSON.stringify({
    methodConfig: [{ name: [{ service: "crossfade.v1.RecommenderService" }], retryPolicy }],
  }),
});

interface Reply {
  items: { id: string; score: number; title: string }[];
  served: { model: string; modelVersion: string; backend: string; coldStart: boolean };
}

function recommend(request: object, timeoutMs: number): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const done = (error: ServiceError | null, reply: Reply) =>
      error ? reject(error) : resolve(reply);
    client["recommend"]!(request, new Metadata(), { deadline: Date.now() + timeoutMs }, done);
  });
}

try {
  const { items, served } = await recommend({ model, userId, topK: 5 }, 1_000);
  console.log(
    `${served.model} ${served.modelVersion} on ${served.backend}${served.coldStart ? ", cold start" : ""}`,
  );
  for (const { id, score, title } of items) console.log(`  ${score.toFixed(3)}  ${id}  ${title}`);
} catch (error) {
  const { code, details } = error as ServiceError;
  console.error(`${status[code] ?? "error"}: ${details}`);
  process.exitCode = 1;
} finally {
  client.close();
}
