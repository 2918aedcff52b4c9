import { forkProcess } from "../live/fork-process.ts";
import type { LoadTestOrder, LoadTestReport } from "./load-test-process.ts";
import type { Place, SubjectKind } from "./subject.ts";

/** The whole load generator: plan, worker thread, recording, who answered, and what it says of itself. */
export const loadTest: SubjectKind = {
  name: "crossfade loadtest",
  async open({ compiled }: Place) {
    const forked = forkProcess(new URL("load-test-process.ts", import.meta.url));
    return {
      name: "crossfade loadtest",
      async run(load) {
        forked.send({ compiled, load } satisfies LoadTestOrder);
        return (await forked.next()) as LoadTestReport;
      },
      [Symbol.asyncDispose]: () => forked[Symbol.asyncDispose](),
    };
  },
};
