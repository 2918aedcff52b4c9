import type { Answer, Backend, Query } from "../../backends/backend.ts";
import { ServingError } from "../../proto/serving-error.ts";

/** The backend, for certain queries; the others are told to look further. */
export function onlyFor(isFor: (query: Query) => boolean, backend: Backend): Backend {
  return {
    ...backend,
    async answer(queries) {
      const own = queries.filter(isFor);
      const answers = own.length > 0 ? [...(await backend.answer(own))] : [];
      return queries.map((query): Answer => (isFor(query) ? answers.shift()! : notHere()));
    },
  };
}

function notHere(): ServingError {
  return new ServingError("UNAVAILABLE", "another version answers this; ask that");
}
