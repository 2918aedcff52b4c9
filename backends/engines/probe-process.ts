import { diagnose } from "./diagnose.ts";
import { openEngine } from "./open-engine.ts";
import type { Finding } from "./probe.ts";
import type { ProviderName } from "./provider.ts";
import { sampleAgrees, sampleFeeds, sampleGraph, sampleOutputs } from "./sample-graph.ts";

/*
 * Opens the sample graph with the provider named last on the command line and prints a Finding. A process of its
 * own: native code that aborts takes only this one down.
 */

const forever = { deadlineMs: Infinity, signal: new AbortController().signal };

async function probe(provider: ProviderName): Promise<Finding> {
  const startedMs = performance.now();
  const engine = await openEngine({ provider, graph: sampleGraph() });
  const openedMs = performance.now();
  const feeds = sampleFeeds(8);
  const expected = sampleOutputs(feeds);
  const outputs = await engine.run(feeds, forever);
  const ranMs = performance.now();
  await engine.close();
  if (!sampleAgrees(outputs, expected))
    return { works: false, why: "it computes something else than the graph says" };
  return { works: true, openMs: openedMs - startedMs, firstRunMs: ranMs - openedMs };
}

const provider = process.argv.at(-1) as ProviderName;
probe(provider).then(tell, (error: Error) =>
  tell({
    works: false,
    why: diagnose(provider, error.cause instanceof Error ? error.cause : error),
  }),
);

function tell(finding: Finding): void {
  process.stdout.write(JSON.stringify(finding));
}
