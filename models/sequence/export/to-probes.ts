import { evenly } from "../../exporting/evenly.ts";
import type { Probe, Probes } from "../../exporting/probe.ts";
import type { SequenceShape } from "../shape.ts";

/**
 * Whom the variants are measured on. Where nobody but trained users was held out, they are asked about a second time, as strangers with the
 * same past; to a model without users all are strangers.
 * @param most In each group; spread evenly over all that there are.
 */
export function toProbes(
  heldOut: readonly Probe[],
  { users }: Pick<SequenceShape, "users">,
  most: number,
): Probes {
  const told = heldOut.filter(({ history }) => history.length > 0);
  const known = told.filter(({ user }) => user >= 0);
  if (users === 0 || known.length === 0) {
    const all = evenly(asStrangers(told), most);
    return { warm: all, cold: all };
  }
  const warm = evenly(known, most);
  const strangers = evenly(asStrangers(told.filter(({ user }) => user < 0)), most);
  return { warm, cold: strangers.length > 0 ? strangers : asStrangers(warm) };
}

function asStrangers(probes: readonly Probe[]): readonly Probe[] {
  return probes.map((probe) => ({ ...probe, user: -1 }));
}
