import { number, object, text } from "../../models/bundle/shape.ts";
import { refusal } from "../parse-distribution.ts";
import { checkRollout } from "../rollout/check-rollout.ts";
import type { AuditEntry } from "./control-store.ts";

const hash = text({ pattern: /^[0-9a-f]{64}$/, allowed: "64 hexadecimal digits" });
const revision = number({ min: 0, max: Number.MAX_SAFE_INTEGER, whole: true });

/** Its form alone; whether it was altered only its hash tells. Throws as `checkRollout` does. */
export function checkEntry(value: unknown, source: string): AuditEntry {
  const problems: string[] = [];
  const entry = object<AuditEntry>({
    oldRevision: revision,
    rollout: (rollout) => checkRollout(rollout, `the rollout in ${source}`),
    previousHash: hash,
    hash,
  })(value, "", problems);
  if (problems.length > 0) throw refusal(source, problems);
  return entry;
}
