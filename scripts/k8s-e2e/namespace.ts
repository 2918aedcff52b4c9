import { type Api, create } from "./api.ts";

/** One that admits pods by the strictest of the Pod Security standards only. */
export async function addNamespace(api: Api, name: string): Promise<void> {
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  await create(api, "/api/v1/namespaces", { metadata: { name, labels } });
}
