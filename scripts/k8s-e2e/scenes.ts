import type { Scene } from "./scene.ts";
import { eviction } from "./scenes/eviction.ts";
import { gpu } from "./scenes/gpu.ts";
import { install } from "./scenes/install.ts";
import { placement } from "./scenes/placement.ts";
import { restricted } from "./scenes/restricted.ts";
import { scaling } from "./scenes/scaling.ts";
import { serverSideApply } from "./scenes/server-side-apply.ts";
import { uninstall } from "./scenes/uninstall.ts";
import { rollback, upgrade } from "./scenes/upgrade.ts";

/** In the order of a release's life. */
export const scenes: readonly Scene[] = [
  serverSideApply,
  install,
  restricted,
  gpu,
  placement,
  eviction,
  scaling,
  upgrade,
  rollback,
  uninstall,
];
