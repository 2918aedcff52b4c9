import type {
  ChangeRolloutRequest,
  ChangeRolloutResponse,
} from "../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { Code, ServingError } from "../../proto/serving-error.ts";
import { readChangeOptions } from "./change-flags.ts";
import type { Given } from "./flag.ts";
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
  given: Given,
  session: Session,
): Promise<number> {
  const { request, waitMs } = readChangeOptions(given);
  const changed = await ask({ ...request, model, change }, session);
  const shown = { changed, isDryRun: request.dryRun };
  if (waitMs === undefined) {
    await session.output.show(changed, (look) => changeView(shown, look));
    return 0;
  }
  // Said at once where people read it; machines get one document, when all is known.
  if (!session.output.isForMachines)
    await session.output.show(changed, (look) => changeView(shown, look));
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
    const isOpen = error.code === Code.UNAVAILABLE || error.code === Code.DEADLINE_EXCEEDED;
    if (!isOpen || request.dryRun) throw error;
    const again = `to find out, ask again with --idempotency-key ${request.idempotencyKey}`;
    throw new ServingError(
      error.code === Code.UNAVAILABLE ? "UNAVAILABLE" : "DEADLINE_EXCEEDED",
      `${error.message}\nit may have been done all the same; ${again}`,
      { cause: error },
    );
  }
}

function forMachines(changed: ChangeRolloutResponse, { status, isThere, missing }: Waited) {
  const { routers, observed } = status ?? {};
  return { ...changed, waited: { isThere, missing, routers, observed } };
}
