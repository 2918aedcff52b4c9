import { checkGenerated, checkGoldens, checkSchemas } from "./helm/check-goldens.ts";
import { conform, lint, sameInHelm3, unitTest } from "./helm/run-tools.ts";

/*
 * The chart, by the real tools: lint, unit tests, every environment rendered again, which must give what is committed, and
 * that judged by strict schemas. With --write, what is made of other things is written instead of compared.
 */

interface Step {
  readonly what: string;
  /** Complaints. */
  readonly run: () => Promise<readonly string[]>;
}

const isWriting = process.argv.includes("--write");

const steps: readonly Step[] = [
  { what: "schema of values, README", run: () => checkGenerated(isWriting) },
  { what: "helm lint --strict", run: lint },
  { what: "helm-unittest", run: unitTest },
  { what: "schemas, from their Go modules", run: () => checkSchemas(isWriting) },
  { what: "goldens of every environment", run: () => checkGoldens(isWriting) },
  { what: "kubeconform -strict", run: conform },
  { what: "the same by Helm 3", run: sameInHelm3 },
];

let failed = 0;
for (const { what, run } of steps) {
  const complaints = await run();
  console.log(`${complaints.length === 0 ? "ok    " : "FAILED"} ${what}`);
  for (const complaint of complaints) console.log(complaint.replaceAll(/^/gm, "       "));
  failed += complaints.length === 0 ? 0 : 1;
}
process.exitCode = failed === 0 ? 0 : 1;
