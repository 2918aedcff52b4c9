import type { GetRolloutResponse } from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { pushbackTrailer } from "../../../proto/pushback.ts";
import { ServingError } from "../../../proto/serving-error.ts";
import type { ServerCall } from "../../../transport/call.ts";
import type { Control } from "../control.ts";
import type { Admit } from "./admit.ts";
import { checkNames } from "./perform.ts";
import { watchRollout } from "./watch-rollout.ts";

export interface WatchingOptions {
  readonly control: Control;
  readonly admit: Admit;
  /** Ends all of them. */
  readonly closing: AbortSignal;
  /** More are refused. */
  readonly maxWatchers: number;
}

/** Those who watch rollouts, by whichever protocol. */
export interface Watching {
  /** Ends with UNAVAILABLE when this router shuts down: its callers then ask the next one. */
  open(call: ServerCall, model: () => Promise<string>): AsyncIterable<GetRolloutResponse>;
}

const pushbackMs = 5_000;

export function createWatching(options: WatchingOptions): Watching {
  const { control, admit, closing, maxWatchers } = options;
  const watchers = { taken: 0, most: maxWatchers };
  /** The other places are for those who change something and wait for it. */
  const viewers = { taken: 0, most: Math.ceil(maxWatchers / 2) };
  return {
    async *open(call, readModel) {
      const caller = admit.caller(call);
      const model = await readModel();
      checkNames({ model });
      admit.assertRole(caller, "viewer", { what: "WatchRollout" });
      const places = caller.role === "viewer" ? viewers : watchers;
      if (places.taken >= places.most || watchers.taken >= watchers.most) throw full(places.taken);
      watchers.taken += 1;
      if (places === viewers) viewers.taken += 1;
      try {
        for await (const status of watchRollout(control, model, [call.signal, closing])) {
          admit.recheck(call);
          yield status;
        }
      } finally {
        watchers.taken -= 1;
        if (places === viewers) viewers.taken -= 1;
      }
      if (closing.aborted) throw new ServingError("UNAVAILABLE", "this router is shutting down");
    },
  };
}

function full(watchers: number): ServingError {
  return new ServingError(
    "RESOURCE_EXHAUSTED",
    `${watchers} callers watch already, which is all that this router tells; ask now and then instead`,
    { trailers: { [pushbackTrailer]: String(pushbackMs) } },
  );
}
