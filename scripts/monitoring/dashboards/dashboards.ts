import type { Dashboard } from "./panel.ts";
import { recommenders } from "./recommenders.ts";
import { rollout } from "./rollout.ts";
import { router } from "./router.ts";
import { servers } from "./servers.ts";

/** By the name of their files. */
export const dashboards: Readonly<Record<string, Dashboard>> = {
  router,
  servers,
  rollout,
  recommenders,
};
