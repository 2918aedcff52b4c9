import type { Layer } from "../../backends/backend.ts";
import { type CodeName, ServingError } from "../../proto/serving-error.ts";

export interface Erring {
  readonly version: string;
  readonly code: CodeName;
}

/** Fails every query of one version, and no other. */
export function erring(wrong: () => Erring | undefined): Layer {
  return (inner) => ({
    ...inner,
    answer(queries) {
      const now = wrong();
      // Within one backend all queries are for its version.
      if (now === undefined || !inner.isReady(queries[0]!.model, now.version))
        return inner.answer(queries);
      const error = new ServingError(now.code, `version ${now.version} is broken`);
      return Promise.resolve(queries.map(() => error));
    },
  });
}
