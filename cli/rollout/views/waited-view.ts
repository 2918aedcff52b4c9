import type { Waited } from "../wait-for-routers.ts";
import { allUsers, isOffBucket, shareText, sharesOf } from "./shares.ts";

/** That all routers have it, and how the users that were seen since are spread. */
export function waitedView({ status, isThere }: Waited): string {
  if (!isThere || status === undefined) return "";
  const { routers } = status;
  const who = routers.length === 1 ? "the only router has" : `all ${routers.length} routers have`;
  return `${who} it, and nothing contradicts it\n${sharesText(status)}`;
}

function sharesText(status: NonNullable<Waited["status"]>): string {
  if (isOffBucket(status))
    return "users seen: not judged, since a kill switch or a lowered arm moves them\n";
  const shares = sharesOf(status);
  const all = allUsers(shares);
  if (all === 0) return "users seen: none yet\n";
  return `users seen: ${shares.map((share) => shareText(share, all)).join("; ")}\n`;
}
