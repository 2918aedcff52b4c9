import type { GraphRunner } from "../../exporting/graph-runner.ts";
import { Random } from "../../random.ts";
import { areClose } from "./body-trial.ts";
import { answer, padded, type PaddingTrial } from "./padding-side.ts";

const pairs = 6;

/** Whether what stands before the last item changes any answer; of a length of one there is nothing. */
export async function readsHistory(runner: GraphRunner, trial: PaddingTrial): Promise<boolean> {
  const random = new Random(23);
  const draw = () => trial.firstId + random.below(trial.items);
  for (let i = 0; i < pairs; i++) {
    const last = draw();
    const [one, other] = await Promise.all(
      [1, 2].map(() => {
        const before = Array.from({ length: trial.length - 1 }, draw);
        return answer(runner, padded([...before, last], trial, "left"), trial);
      }),
    );
    if (!areClose(one!, other!)) return true;
  }
  return false;
}

/** Throws an Error for a model that answers by the last item alone, unless somebody said that it is meant to. */
export async function assertReadsHistory(
  runner: GraphRunner,
  trial: PaddingTrial,
  isMeant = false,
): Promise<void> {
  if (isMeant || trial.length === 1 || (await readsHistory(runner, trial))) return;
  throw new Error(
    "no answer changes with the items before the last. If its input is [length, batch], the default of PyTorch's layers, it takes every item for a sequence of its own: export it batch first (batch_first=True, or a module around it that transposes what goes in and what comes out); if it is meant to go by the last item alone, say --last-item-only",
  );
}
