import { formatTable } from "../bench/table.ts";
import type { Cluster } from "./cluster.ts";
import type { Say } from "./programs.ts";
import type { Scene } from "./scene.ts";

export interface Played {
  readonly scene: string;
  readonly passed: boolean;
  readonly seconds: number;
  /** What was seen, or what did not hold. */
  readonly told: string;
}

/** One after the other; one that fails keeps none from playing. */
export async function playScenes(
  scenes: readonly Scene[],
  cluster: Cluster,
  say: Say,
): Promise<readonly Played[]> {
  const played: Played[] = [];
  for (const [i, scene] of scenes.entries()) {
    say(`${i + 1}/${scenes.length} ${scene.name}: ${scene.about}`);
    const one = await playOne(scene, cluster);
    say(`    ${one.passed ? "" : "FAILED: "}${one.told} (${one.seconds} s)`);
    played.push(one);
  }
  return played;
}

async function playOne(scene: Scene, cluster: Cluster): Promise<Played> {
  const startedMs = performance.now();
  const end = (passed: boolean, told: string): Played => {
    const seconds = Math.round((performance.now() - startedMs) / 1_000);
    return { scene: scene.name, passed, seconds, told };
  };
  try {
    return end(true, await scene.play(cluster));
  } catch (error) {
    return end(false, (error as Error).message);
  }
}

export function tableOf(played: readonly Played[]): string {
  const rows = played.map(({ scene, passed, seconds }) => [
    scene,
    passed ? "holds" : "FAILED",
    `${seconds} s`,
  ]);
  return formatTable(["scene", "", "took"], rows);
}
