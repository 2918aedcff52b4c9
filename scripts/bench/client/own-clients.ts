import { forkProcess } from "../live/fork-process.ts";
import type { CallerClient, CallerOrder, CallerReport } from "./caller-process.ts";
import type { Place, SubjectKind } from "./subject.ts";

/** One of the clients of `transport/`, in a process of its own that lives from round to round. */
export function ownClient(name: string, client: CallerClient): SubjectKind {
  return {
    name,
    async open({ compiled }: Place) {
      const forked = forkProcess(new URL("caller-process.ts", import.meta.url));
      return {
        name,
        async run(load) {
          forked.send({ compiled, client, load } satisfies CallerOrder);
          return (await forked.next()) as CallerReport;
        },
        [Symbol.asyncDispose]: () => forked[Symbol.asyncDispose](),
      };
    },
  };
}
