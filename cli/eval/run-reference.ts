import { checkReference, type ReferenceResult } from "../../eval/reference/check-reference.ts";
import { tolerance } from "../../eval/reference/compare-top.ts";
import { readReference } from "../../eval/reference/reference.ts";
import type { AskedAgain } from "../../eval/reference/ask-again.ts";
import { describeCounts, total, type Counts } from "../../eval/questions/labels.ts";
import { nameOf } from "../../proto/serving-error.ts";
import type { Given } from "../arguments/flag.ts";
import { readNamedFile } from "../arguments/read-named-file.ts";
import { readCount } from "../arguments/read-numbers.ts";
import { wrong } from "../arguments/wrong.ts";
import { createProgressBar } from "../progress-bar.ts";
import { printable } from "../terminal/printable.ts";
import * as flags from "./flags.ts";
import { readSides } from "./read-sides.ts";
import type { Session } from "./session.ts";

/** Of a protocol, which this is none. */
const others = [
  flags.datasetFlag,
  flags.protocolFlag,
  flags.compareFlag,
  flags.gateFlag,
  flags.htmlFlag,
  flags.jsonFlag,
  flags.usersFlag,
  flags.anonymousFlag,
];

/** Exit codes: 0 the same, 1 not, 2 the comparison proves nothing. */
export async function runReference(given: Given, session: Session): Promise<number> {
  const { terminal, progress } = session;
  const foreign = others.filter((flag) => given.has(flag));
  if (foreign.length > 0)
    throw wrong(`${foreign.map(({ name }) => name).join(", ")}: --reference is no protocol`);
  const [side] = readSides(given, terminal);
  const file = given.value(flags.referenceFlag)!;
  const cases = readReference(readNamedFile(given, flags.referenceFlag, terminal)!, file);
  const inFlight = readCount(given, flags.inFlightFlag, [1, 1_000]) ?? 32;
  const bar = createProgressBar(`Asking ${side!.name}`, progress);
  const { signal } = terminal;
  const onProgress = (share: number) => bar.at(share);
  const result = await checkReference(side!, cases, { inFlight, signal, onProgress });
  bar.done();
  terminal.print(printable(`${linesOf(result).join("\n")}\n`));
  if (faultsOf(result).length > 0) return 2;
  return isSame(result) ? 0 : 1;
}

function isSame({ different, again }: ReferenceResult): boolean {
  return different.length === 0 && again.every((one) => one.different.length === 0);
}

function linesOf(result: ReferenceResult): readonly string[] {
  const { users, kind, worst, worstUser, withMoves, different, labels } = result;
  const verdict =
    different.length === 0
      ? `SAME: ${users} ${kind}, each the same order and scores within ${tolerance}`
      : `DIFFERENT: ${different.length} of ${users} ${kind}, e.g. ${different.slice(0, 5).join(", ")}`;
  return [
    ...faultsOf(result).map((fault) => `INVALID: ${fault}`),
    verdict,
    `worst difference of a score: ${worst.toExponential(2)} (${worstUser})`,
    `${kind} with another item in some place, ties included: ${withMoves}`,
    ...result.again.map(describeAgain),
    `answered by ${describeCounts(labels.versions)}; ${describeCounts(labels.backends)}`,
    ...(different.length === 0 ? [] : otherForms(labels.backends)),
  ];
}

function describeAgain({ how, asked, different }: AskedAgain): string {
  return different.length === 0
    ? `SAME: ${asked} again, ${how}: the very same bytes`
    : `DIFFERENT: ${different.length} of ${asked} again, ${how}, e.g. of line ${different[0]! + 1}`;
}

/** What training answered it answered in float32; nothing else gives its scores. */
function otherForms(backends: Counts): readonly string[] {
  const others = Object.keys(backends).filter((name) => !name.endsWith("-fp32"));
  if (others.length === 0) return [];
  return [
    `the reference is float32, and ${others.join(", ")} answered: ask a server of that form (crossfade serve --variant fp32)`,
  ];
}

function faultsOf({ labels, again }: ReferenceResult): readonly string[] {
  const { failed, degraded, versions } = labels;
  return [
    ...again.flatMap(({ how, failed: [error] }) =>
      error === undefined ? [] : [`asked again, ${how}: ${nameOf(error.code)}: ${error.message}`],
    ),
    ...(total(failed) > 0 ? [`${total(failed)} calls failed: ${describeCounts(failed)}`] : []),
    ...(total(degraded) > 0 ? [`degraded replies: ${describeCounts(degraded)}`] : []),
    ...(Object.keys(versions).length > 1 ? [`several versions: ${describeCounts(versions)}`] : []),
  ];
}
