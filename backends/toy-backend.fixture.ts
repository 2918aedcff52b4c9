import type { Call } from "../transport/call.ts";
import { callWith } from "./backend.contract.ts";
import { modelBackend, type ModelBackendOptions } from "./model-backend.ts";
import { createPuppetEngine } from "./puppet-engine.ts";
import { createQuery } from "./query.ts";
import { computeToy, createToyFamily, toyRequest } from "./toy-family.ts";

export const named = { model: "toy", version: "3" };

/** A backend of the toy family, whose engine runs when it is told to. */
export function openToy(options: Partial<ModelBackendOptions> = {}) {
  const engine = createPuppetEngine({ ...options, compute: computeToy });
  const backend = modelBackend({ ...named, family: createToyFamily(), engine, ...options });
  const ask = (users: readonly string[], call: Partial<Call> = {}) => {
    const rpc = callWith(call);
    const names = { model: "toy", version: "", user: new Uint8Array() };
    return backend.answer(users.map((user) => createQuery(toyRequest(user), rpc, names)));
  };
  return { engine, backend, ask };
}
