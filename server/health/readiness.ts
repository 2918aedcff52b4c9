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

/** A model that has yet to answer for the first time is no news. */
type Standing = "new" | "answering" | "lost";

function standingAfter(before: Standing | undefined, ready: boolean): Standing {
  if (ready) return "answering";
  return before === "answering" ? "lost" : (before ?? "new");
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
  let known: ReadonlyMap<string, Standing> = new Map();
  const tellChanges = (named: ReadonlyMap<string, boolean>) => {
    // While it drains nothing answers, and nobody wonders.
    if (phase === "draining") return;
    const before = known;
    known = new Map(
      [...named].map(([model, ready]) => [model, standingAfter(before.get(model), ready)]),
    );
    for (const [model, standing] of known) {
      if (standing === "lost" && before.get(model) === "answering") changed(model, false);
      if (standing === "answering" && before.get(model) === "lost") changed(model, true);
    }
  };
  const refresh = () => {
    // A model of many versions is named once for each.
    const named = new Map(models().map((model) => [model, answers(model)]));
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
