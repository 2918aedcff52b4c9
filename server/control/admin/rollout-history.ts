import type {
  GetHistoryRequest,
  GetHistoryResponse,
} from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { ServingError } from "../../../proto/serving-error.ts";
import { revisionOf } from "../../../router/rollout/revision-of.ts";
import { firstHash, isNote, verifyChain } from "../../../router/store/audit-chain.ts";
import type { AuditEntry } from "../../../router/store/control-store.ts";
import type { Control } from "../control.ts";
import { rolloutMessage } from "./rollout-message.ts";
import { unknownRollout } from "./unknown-rollout.ts";

const defaultLimit = 20;
const maxLimit = 500;
/** Of what is parsed and verified for one reply; clients take 4 MiB unless told otherwise. */
const maxBytes = 2 ** 20;

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
  const page = { limit: limit || defaultLimit, maxBytes, ...(below > 0 && { below }) };
  const entries = await store.history(model, page);
  if (entries.length === 0 && kept === undefined && control.rollout(model) === undefined)
    throw unknownRollout(control, model);
  const newest = revisionOf(entries.find((entry) => !isNote(entry))?.rollout);
  // What was written since it was read is no gap.
  const isNewest = below === 0 && newest <= revisionOf(kept);
  const problems = [...verifyChain(entries, isNewest ? kept : undefined)];
  const messages = entries.map(entryMessage);
  const fitting = messages.slice(0, countThatFits(messages));
  const isWhole =
    entries.length >= page.limit || (entries.at(-1)?.previousHash ?? firstHash) === firstHash;
  return {
    entries: fitting,
    intact: problems.length === 0,
    problems,
    isCut: fitting.length < messages.length || !isWhole,
  };
}

function entryMessage({ oldRevision, rollout, hash }: AuditEntry) {
  return { oldRevision, rollout: rolloutMessage(rollout), hash };
}

/** One at least. */
function countThatFits(messages: readonly ReturnType<typeof entryMessage>[]): number {
  let size = 0;
  const over = messages.findIndex(({ rollout }, i) => {
    size += rollout.distributionJson.length;
    return i > 0 && size > maxBytes;
  });
  return over < 0 ? messages.length : over;
}

function invalid(why: string): ServingError {
  return new ServingError("INVALID_ARGUMENT", why);
}
