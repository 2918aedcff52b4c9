import type { Backend } from "../../backends/backend.ts";
import { createHealth, type Health } from "./health.ts";

/** What a server says of its own state, derived from its models. */
export interface Readiness {
  readonly health: Health;
  isReady(): boolean;
  /** Looks again; watchers hear of what changed. */
  refresh(): void;
  /** The models that were there at the start have been loaded, or have failed. */
  started(): void;
  /** Not ready from now on, for good. */
  drain(): void;
}

export interface ReadinessOptions {
  /** Told when a model that could answer cannot, and when it can again. */
  readonly changed?: (model: string, ready: boolean) => void;
}

/**
 * Ready: the first look at the models is over, and at least one can answer. A model that failed makes its own name
 * unhealthy or unknown, not the server: the others are worth serving.
 */
export function createReadiness(
  backend: Backend,
  models: () => readonly string[],
  { changed = () => {} }: ReadinessOptions = {},
): Readiness {
  const health = createHealth();
  let phase: "starting" | "serving" | "draining" = "starting";

  const answers = (model: string) => phase !== "draining" && backend.isReady(model, "");
  const isReady = () => phase === "serving" && models().some(answers);
  let known = new Map<string, boolean>();
  const tellChanges = (named: readonly (readonly [model: string, ready: boolean])[]) => {
    // While it drains nothing answers, and nobody wonders.
    if (phase === "draining") return;
    for (const [model, ready] of named)
      if (known.has(model) && known.get(model) !== ready) changed(model, ready);
    known = new Map(named);
  };
  const refresh = () => {
    const named = models().map((model) => [model, answers(model)] as const);
    tellChanges(named);
    health.update(new Map([...named, ["", isReady()], ["live", true]]));
  };
  const enter = (next: typeof phase) => {
    if (phase !== "draining") phase = next;
    refresh();
  };

  refresh();
  return {
    health,
    isReady,
    refresh,
    started: () => enter("serving"),
    drain: () => enter("draining"),
  };
}
