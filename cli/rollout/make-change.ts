import type {
  ChangeRolloutRequest,
  ChangeRolloutResponse,
} from "../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { Code, nameOf, ServingError } from "../../proto/serving-error.ts";
import { maybeDoneTrailer } from "../../server/control/store-failure.ts";
import { changeReply, statusReply } from "../../server/control/admin/json-replies.ts";
import type { ChangeOptions } from "./change-flags.ts";
import { wasNeverSent } from "./connection-failure.ts";
import { plain, type Plain } from "./plain.ts";
import type { Session } from "./verb.ts";
import { changeView } from "./views/change-view.ts";
import { waitedView } from "./views/waited-view.ts";
import { waitForRouters, type Waited } from "./wait-for-routers.ts";

export interface WantedChange {
  readonly model: string;
  readonly change: NonNullable<ChangeRolloutRequest["change"]>;
}

/** Asks for the change, says what came of it and, if that is wanted, waits for the routers. */
export async function makeChange(
  { model, change }: WantedChange,
  { request, waitMs }: ChangeOptions,
  session: Session,
): Promise<number> {
  const changed = await ask({ ...request, model, change }, session);
  for (const warning of changed.warnings) session.terminal.complain(`warning: ${warning}\n`);
  const shown = { changed, isDryRun: request.dryRun };
  if (waitMs === undefined) {
    await session.output.show(plain(changeReply, changed), (look) => changeView(shown, look));
    return 0;
  }
  // Said at once where people read it; machines get one document, when all is known.
  if (!session.output.isForMachines)
    await session.output.show(plain(changeReply, changed), (look) => changeView(shown, look));
  const revision = changed.newRevision;
  const waited = await waitForRouters({ model, revision, waitMs }, session.admin, session.terminal);
  await session.output.show(forMachines(changed, waited), () => waitedView(waited));
  for (const lack of waited.missing) session.terminal.complain(`${lack}\n`);
  return waited.isThere ? 0 : 1;
}

async function ask(
  request: ChangeRolloutRequest,
  { admin }: Session,
): Promise<ChangeRolloutResponse> {
  try {
    return await admin.change(request);
  } catch (thrown) {
    const error = ServingError.from(thrown);
    if (request.dryRun || !mayBeDone(error)) throw error;
    const again = `to find out, ask again with --idempotency-key ${request.idempotencyKey}`;
    const message = `${error.message}\nit may have been done all the same; ${again}`;
    throw new ServingError(nameOf(error.code), message, { cause: error });
  }
}

/** Nobody said whether it was done. A server that answers says so itself. */
function mayBeDone(error: ServingError): boolean {
  const { code, isLost, trailers } = error;
  if (maybeDoneTrailer in trailers) return true;
  return (isLost || code === Code.DEADLINE_EXCEEDED) && !wasNeverSent(error);
}

function forMachines(changed: ChangeRolloutResponse, { status, isThere, missing }: Waited): Plain {
  const last = status === undefined ? {} : { status: plain(statusReply, status) };
  return { ...plain(changeReply, changed), waited: { isThere, missing, ...last } };
}
