import type {
  GetHistoryRequest,
  GetHistoryResponse,
} from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { ServingError } from "../../../proto/serving-error.ts";
import { isNote, verifyChain } from "../../../router/store/audit-chain.ts";
import type { Control } from "../control.ts";
import { rolloutMessage } from "./rollout-message.ts";
import { unknownRollout } from "./unknown-rollout.ts";

const defaultLimit = 20;
const maxLimit = 500;

/** Newest first, and whether anything was altered or taken out. */
export async function rolloutHistory(
  control: Control,
  { model, limit, below }: GetHistoryRequest,
): Promise<GetHistoryResponse> {
  if (limit < 0 || limit > maxLimit)
    throw invalid(`limit is ${limit}; ask for 1 to ${maxLimit} entries, or 0 for ${defaultLimit}`);
  if (below < 0) throw invalid(`below is ${below}; it must be a revision, or 0 for all`);
  const { store } = control;
  const kept = await store.read(model);
  const page = { limit: limit || defaultLimit, ...(below > 0 && { below }) };
  const entries = await store.history(model, page);
  if (entries.length === 0 && kept === undefined && control.rollout(model) === undefined)
    throw unknownRollout(control, model);
  const newest = entries.find((entry) => !isNote(entry))?.rollout.distribution.revision ?? 0;
  // What was written since it was read is no gap.
  const isNewest = below === 0 && newest <= (kept?.distribution.revision ?? 0);
  const problems = [...verifyChain(entries, isNewest ? kept : undefined)];
  return {
    entries: entries.map(({ oldRevision, rollout, hash }) => ({
      oldRevision,
      rollout: rolloutMessage(rollout),
      hash,
    })),
    intact: problems.length === 0,
    problems,
  };
}

function invalid(why: string): ServingError {
  return new ServingError("INVALID_ARGUMENT", why);
}
